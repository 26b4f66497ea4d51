import Basics
import Checkpoints
import Foundation
import JamTesting
import Testing
import Training

/// Runs that save what they changed only.
@Suite struct DeltaRunTests {
    private static let frozen = [
        "optimizer.lr_multipliers={model.embed_tokens: 0, model.layers.0.mlp: 0}"
    ]

    private static func isFrozen(_ name: String) -> Bool {
        name.hasPrefix("model.embed_tokens") || name.hasPrefix("model.layers.0.mlp")
    }

    /// A scratch folder with a trained model to start from.
    private static func start() throws -> (scratch: ScratchFolder, model: String) {
        let scratch = try ScratchFolder()
        let model = try ResumableRunTests.recipe(in: scratch, output: "base").open()
            .train(resuming: false)
        return (scratch, model)
    }

    private static func weights(_ path: String) throws -> [String: [Float]] {
        let folder = try CheckpointFolder(path)
        let pairs = try folder.names.map { ($0, try folder.floats(of: $0)) }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    // Prevents: a step that has the frozen weights of another model, or none.
    @Test("Steps of a run that freezes most are deltas, and resuming gives the same bits")
    func frozen() throws {
        let (scratch, model) = try Self.start()
        func recipe(_ output: String) throws -> LanguageModelRecipe {
            try ResumableRunTests.recipe(
                in: scratch,
                model: "{from: \(model)}",
                output: output,
                overrides: Self.frozen
            )
        }
        let finished = try recipe("run").open().train(resuming: false)
        #expect(try !CheckpointFolder(finished).isDelta)
        let step = scratch.file("run/step-00000004")
        #expect(try CheckpointFolder(step).isDelta)
        let stored = try SafetensorsFile(step + "/delta.safetensors").names
        #expect(!stored.isEmpty && !stored.contains(where: Self.isFrozen))
        let start = try Self.weights(model)
        for (name, floats) in try Self.weights(step) {
            #expect((floats == start[name]) == Self.isFrozen(name), "\(name)")
        }

        let expected = try scratch.read("run/model/model.safetensors")
        try FileManager.default.removeItem(atPath: scratch.file("run/step-00000008"))
        try FileManager.default.removeItem(atPath: finished)
        _ = try recipe("run").open().train(resuming: true)
        #expect(try scratch.read("run/model/model.safetensors") == expected)
    }

    @Test("A run from a delta saves deltas of the same bases")
    func fromDelta() throws {
        let (scratch, base) = try Self.start()
        let tuned = try ResumableRunTests.recipe(
            in: scratch,
            model: "{from: \(base)}",
            output: "tuned",
            overrides: Self.frozen
        ).open().train(resuming: false)
        let delta = scratch.file("delta")
        try DeltaExport(tuned, bases: DeltaBases([base], seenFrom: delta)).write(to: delta)

        var found: [[String: [Float]]] = []
        for (output, start) in [("whole", tuned), ("changed", delta)] {
            let recipe = try ResumableRunTests.recipe(
                in: scratch,
                model: "{from: \(start)}",
                output: output,
                overrides: Self.frozen
            )
            let model = try recipe.open().train(resuming: false)
            #expect(try CheckpointFolder(model).isDelta == (output == "changed"))
            found.append(try Self.weights(model))
        }
        #expect(found[0] == found[1])
        let stored = try SafetensorsFile(scratch.file("changed/model/delta.safetensors")).names
        #expect(!stored.isEmpty && !stored.contains(where: Self.isFrozen))
        #expect(try scratch.read("whole/model/tokenizer.json") == scratch.read("tokenizer.json"))
        // The base has the same tokenizer, so that the delta has none.
        let changed = scratch.file("changed/model")
        let names = try FileManager.default.contentsOfDirectory(atPath: changed)
        #expect(!names.contains("tokenizer.json"))
        try #require(try CheckpointFolder(changed).manifest()).verify(changed)

        // Without the base a step is not read.
        try FileManager.default.moveItem(atPath: base, toPath: scratch.file("gone"))
        #expect(throws: DeltaError.self) {
            _ = try CheckpointFolder(scratch.file("changed/step-00000008"))
        }
    }
}
