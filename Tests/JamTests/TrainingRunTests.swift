import Foundation
import Jam
import JamTesting
import Testing

/// Trains the shipped text model for a few steps, by the facade alone.
@Suite struct TrainingRunTests {
    private static let model = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "models/dictionary/text").path

    private static func run(in scratch: ScratchFolder, _ output: String) throws -> TrainingRun {
        let texts = (0..<12).map { #"{"text": "A cat is animal number \#($0)."}"# + "\n" }.joined()
        try scratch.write("texts.jsonl", Array(texts.utf8))
        let recipe = """
            model: {from: \(model)}
            data: [{name: texts, shards: [\(scratch.file("texts.jsonl"))], objective: causal}]
            held_out: 2
            schedule: {learning_rate: 1e-4, steps: 8}
            batch: {tokens_per_step: 32}
            evaluate_every: 4
            output: \(scratch.file("run"))
            """
        return try TrainingRun(
            recipe: scratch.write("recipe.yaml", Array(recipe.utf8)),
            overrides: ["schedule.steps=6", "output=\(scratch.file(output))"]
        )
    }

    // Prevents: a cancelled run that loses its steps, or continues with other weights.
    @Test("A cancelled run is saved, and ends like one that was not")
    func cancelled() async throws {
        let scratch = try ScratchFolder()
        var (steps, evaluations, folder) = ([Int](), [Double](), "")
        let complete = try Self.run(in: scratch, "complete")
        #expect(try await complete.plan().hasPrefix("6 steps of 32 tokens"))
        for try await event in complete.start() {
            switch event {
            case .step(let log):
                steps.append(log.step)
                #expect(log.names.contains("loss_text") && log["tokens"] ?? 0 > 0)
            case .evaluation(let log): evaluations.append(log["eval_loss"] ?? .nan)
            case .finished(let path): folder = path
            default: break
            }
        }
        #expect(steps == Array(1...6) && evaluations.allSatisfy { $0 > 0 })
        #expect(folder == scratch.file("complete/model") && folder == complete.modelFolder)

        let stopped = try Self.run(in: scratch, "stopped")
        let error = await #expect(throws: JamError.self) {
            try await Task {
                for try await case .step(let log) in stopped.start() where log.step == 2 {
                    withUnsafeCurrentTask { $0?.cancel() }
                }
            }.value
        }
        #expect(error?.kind == .interrupted, "\(error.map { "\($0)" } ?? "")")
        let again = await #expect(throws: JamError.self) {
            for try await _ in stopped.start() {}
        }
        #expect(again?.kind == .cannotCreate)
        var resumed: [Int] = []
        for try await case .step(let log) in stopped.start(resuming: true) {
            resumed.append(log.step)
        }
        #expect(resumed.last == 6 && resumed.count <= 4)
        let weights = "model/model.safetensors"
        #expect(try scratch.read("stopped/\(weights)") == scratch.read("complete/\(weights)"))
    }

    @Test("A recipe with an unknown key is an error at once")
    func unknownKey() throws {
        let scratch = try ScratchFolder()
        let path = try scratch.write("r.yaml", Array("data: []\nscedule: {}\n".utf8))
        #expect(throws: JamError.self) { try TrainingRun(recipe: path) }
    }
}
