import Basics
import Decoders
import Foundation
import Testing
import Training

@Suite struct ResumeTests {
    // Prevents: a run that goes on almost as it was: other documents, moments of zero, a rate that
    // starts over. Each shows only as a bump in a curve that nobody compares.
    @Test("A resumed run is bit for bit the run that was never stopped", arguments: [1, 7, 10, 19])
    func resume(at stop: Int) throws {
        let scratch = try SmallModel.scratch()
        defer { try? FileManager.default.removeItem(at: scratch) }
        let whole = try SmallModel.loop(steps: 20)
        var losses: [Double?] = []
        while !whole.isDone { losses.append(try whole.step().loss.mean) }

        let first = try SmallModel.loop(steps: 20)
        let path = scratch.appending(path: "run").path
        var found: [Double?] = []
        do {
            let folder = try RunFolder(path)
            for _ in 0..<stop { found.append(try first.step().loss.mean) }
            try folder.save(first, recipe: "r", options: [:], Self.files())
        }
        let second = try SmallModel.loop(steps: 20)
        let folder = try RunFolder(path)
        #expect(try folder.restoreNewest(into: second, recipe: "r", warn: { _ in }) == stop)
        while !second.isDone { found.append(try second.step().loss.mean) }
        #expect(found == losses)
        #expect(try SmallModel.digest(second) == SmallModel.digest(whole))
    }

    @Test("A damaged newest step is passed over by name, and the one before is taken")
    func damaged() throws {
        let scratch = try SmallModel.scratch()
        defer { try? FileManager.default.removeItem(at: scratch) }
        let folder = try RunFolder(scratch.path)
        let loop = try SmallModel.loop(steps: 9)
        for _ in 0..<3 {
            _ = try loop.step()
            try folder.save(loop, recipe: "r", options: [:], Self.files())
        }
        #expect(try folder.savedSteps() == [3, 2])
        let file = folder.folder(ofStep: 3) + "/model.safetensors"
        var bytes = try Data(contentsOf: URL(filePath: file))
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: URL(filePath: file))
        var warnings: [String] = []
        let other = try SmallModel.loop(steps: 9)
        #expect(
            try folder.restoreNewest(into: other, recipe: "r", warn: { warnings.append($0) }) == 2
        )
        #expect(warnings.count == 1)
        #expect(warnings[0].hasPrefix(folder.folder(ofStep: 3) + " is passed over: "))
        #expect(throws: TrainingError.otherRecipe(folder: scratch.path)) {
            try folder.restoreNewest(into: other, recipe: "another", warn: { _ in })
        }
    }

    @Test("A second run in the same folder is refused")
    func locked() throws {
        let scratch = try SmallModel.scratch()
        defer { try? FileManager.default.removeItem(at: scratch) }
        let first = try RunFolder(scratch.path)
        #expect(throws: TrainingError.locked(folder: scratch.path)) {
            _ = try RunFolder(scratch.path)
        }
        #expect(TrainingError.locked(folder: "x").kind == .interrupted)
        withExtendedLifetime(first) {}
    }

    @Test("A run that is stopped saves, and goes on to the same end and the same log")
    func interrupted() throws {
        let scratch = try SmallModel.scratch()
        defer { try? FileManager.default.removeItem(at: scratch) }
        func run(_ name: String, resumes: Bool, stopsAfter: Int?) throws -> TrainingLoop {
            let loop = try SmallModel.loop(steps: 9)
            let run = TrainingRun(
                loop,
                in: try RunFolder(scratch.appending(path: name).path),
                RunOptions(saveInterval: 4),
                recipe: ("r", [:]),
                try Self.files()
            )
            try run.train(resumes: resumes, isStopWanted: { loop.stepCount == stopsAfter })
            return loop
        }
        let whole = try run("whole", resumes: false, stopsAfter: nil)
        let path = scratch.appending(path: "stopped").path
        let stop = TrainingError.interrupted(step: 5, folder: path)
        #expect(throws: stop) { _ = try run("stopped", resumes: false, stopsAfter: 5) }
        #expect(throws: TrainingError.exists(folder: path)) {
            _ = try run("stopped", resumes: false, stopsAfter: nil)
        }
        let resumed = try run("stopped", resumes: true, stopsAfter: nil)
        #expect(try SmallModel.digest(whole) == SmallModel.digest(resumed))
        #expect(try Self.log(scratch, "whole") == Self.log(scratch, "stopped"))
        // A saved step is a model folder.
        let folder = try ModelFolder(path + "/step-00000009")
        #expect(folder.config == .tower(SmallModel.config))
    }

    static func files() throws -> ModelFiles {
        try ModelFiles(config: .object(SmallModel.config.json), jamVersion: "test")
    }

    private static func log(_ scratch: URL, _ name: String) throws -> [JSON] {
        let text = try String(
            contentsOf: scratch.appending(path: name + "/log.jsonl"),
            encoding: .utf8
        )
        return try text.split(separator: "\n").map { line in
            guard case .object(var object) = try JSON(parsing: String(line)) else { return .null }
            object["seconds"] = nil
            return .object(object)
        }
    }
}
