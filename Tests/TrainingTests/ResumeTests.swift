import Basics
import Decoders
import Foundation
import Testing
import Training

@Suite struct ResumeTests {
    // Prevents: a run that continues with other documents, zero moments, or a learning rate that starts
    // over. Each shows only as a bump in a curve that nobody compares.
    @Test("A resumed run is bit for bit the run that was never stopped", arguments: [1, 7, 10, 19])
    func resume(at stop: Int) throws {
        let scratch = try SmallModel.scratch()
        defer { try? FileManager.default.removeItem(at: scratch) }
        let whole = try SmallModel.loop(steps: 20)
        var losses: [Double?] = []
        while !whole.isDone { losses.append(try whole.step()["loss"]) }

        let first = try SmallModel.loop(steps: 20)
        let path = scratch.appending(path: "run").path
        var found: [Double?] = []
        do {
            let folder = try RunFolder(path)
            for _ in 0..<stop { found.append(try first.step()["loss"]) }
            try folder.save(first, Self.recipe(path), Self.files())
        }
        let second = try SmallModel.loop(steps: 20)
        let folder = try RunFolder(path)
        #expect(
            try folder.restoreNewest(
                into: second,
                recipe: Self.recipe(path),
                warn: { _ in }
            ) == stop
        )
        while !second.isDone { found.append(try second.step()["loss"]) }
        #expect(found == losses)
        #expect(try SmallModel.digest(second) == SmallModel.digest(whole))
    }

    /// Prevents mixed precision that learns something else, or differs from run to run.
    @Test("Mixed precision repeats itself and learns what float32 does")
    func mixedPrecision() throws {
        func losses(_ mixed: Bool) throws -> [Double] {
            let loop = try SmallModel.loop(steps: 20, mixedPrecision: mixed)
            return try (0..<20).map { _ in try #require(try loop.step()["loss"]) }
        }
        let (exact, mixed) = (try losses(false), try losses(true))
        #expect(try losses(true) == mixed)
        #expect(exact != mixed)
        #expect(zip(exact, mixed).allSatisfy { abs($0 - $1) < 0.02 })
        #expect(mixed[19] < mixed[0] - 0.1)
    }

    @Test("A damaged newest step is reported, and the one before is restored")
    func damaged() throws {
        let scratch = try SmallModel.scratch()
        defer { try? FileManager.default.removeItem(at: scratch) }
        let folder = try RunFolder(scratch.path)
        let loop = try SmallModel.loop(steps: 9)
        for _ in 0..<3 {
            _ = try loop.step()
            try folder.save(loop, Self.recipe(scratch.path), Self.files())
        }
        #expect(try folder.savedSteps() == [3, 2])
        let file = folder.folder(ofStep: 3) + "/model.safetensors"
        var bytes = try Data(contentsOf: URL(filePath: file))
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: URL(filePath: file))
        var warnings: [String] = []
        let other = try SmallModel.loop(steps: 9)
        #expect(
            try folder.restoreNewest(
                into: other,
                recipe: Self.recipe(scratch.path),
                warn: { warnings.append($0) }
            ) == 2
        )
        #expect(warnings.count == 1)
        #expect(warnings[0].hasPrefix(folder.folder(ofStep: 3) + " is skipped: "))
        let changes = ["seed was not there and is 7"]
        #expect(throws: TrainingError.otherRecipe(folder: scratch.path, changes: changes)) {
            let another = Self.recipe(scratch.path, ["output": "elsewhere", "seed": 7])
            _ = try folder.restoreNewest(into: other, recipe: another, warn: { _ in })
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
        func run(_ name: String, resumes: Bool, stopsAfter: Int?) throws -> LanguageModelTraining {
            let loop = try SmallModel.loop(steps: 9)
            let run = ResumableRun(
                loop,
                Self.recipe(scratch.appending(path: name).path),
                try Self.files(),
                writeModel: { _ in }
            )
            try run.train(resuming: resumes, isStopWanted: { loop.steps.count == stopsAfter })
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

    private static func recipe(_ output: String, _ json: JSON.Object = [:]) -> RecipeHeader {
        RecipeHeader(
            training: TrainingOptions(
                schedule: Schedule(learningRate: 1e-3, warmupSteps: 0, stepCount: 1)
            ),
            output: output,
            saveInterval: 4,
            json: json
        )
    }

    static func files() throws -> ModelFiles {
        try ModelFiles(config: .object(SmallModel.config.json))
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
