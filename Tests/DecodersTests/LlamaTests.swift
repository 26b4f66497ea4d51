import Basics
import Checkpoints
import Decoders
import Foundation
import JamTesting
import Layers
import Tensors
import Testing

/// The folders that the reference implementation wrote.
private let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Fixtures"
)

private func golden(_ folder: String) throws -> (ModelFolder, (String) throws -> Tensor) {
    let path = fixtures.appending(path: folder).path
    let file = try SafetensorsFile("\(path)/golden.safetensors")
    return (
        try ModelFolder(path),
        { name in
            guard let entry = file.entry(name) else { throw WeightError.missing(name: name) }
            return try file.withBytes(of: name) {
                Tensor(bytes: $0, entry.shape, entry.elementType)
            }
        }
    )
}

/// The largest difference between two tensors.
func distance(_ a: Tensor, _ b: Tensor) throws -> Double {
    precondition(a.shape == b.shape, "\(a.shape) and \(b.shape)")
    return try (a - b).magnitude().floats().map(Double.init).max() ?? 0
}

@Suite struct LlamaTests {
    @Test("Logits are those of transformers", arguments: ["untied", "tied"])
    func logitsAreThoseOfTransformers(folder: String) throws {
        let (loaded, golden) = try golden(folder)
        try withTorchErrors { () throws in
            let logits = try withoutGradients { loaded.model.logits(try golden("tokens")) }
            #expect(try distance(logits, golden("logits")) < 1e-4)
        }
    }

    /// Prevents a fused layer whose backward pass is not the derivative of its forward pass.
    @Test("Gradients are those of transformers", arguments: ["untied", "tied"])
    func gradientsAreThoseOfTransformers(folder: String) throws {
        let (loaded, golden) = try golden(folder)
        try withTorchErrors { () throws in
            for parameter in loaded.store.parameters { parameter.tensor.requiresGradient = true }
            let targets = try golden("targets").integers()
            let hiddenStates = loaded.model.hiddenStates(try golden("tokens"), cache: nil)
            let (loss, losses) = loaded.model.head.crossEntropy(
                hiddenStates.reshaped([-1, hiddenStates.size(2)]),
                targets: targets,
                weights: targets.map { _ in 1 / Float(targets.count) }
            )
            loss.backward()
            #expect(try distance(loss.reshaped([1]), golden("loss")) < 1e-5)
            #expect(try abs(losses.mean().item() - loss.item()) < 1e-5)
            for (name, key) in [
                ("model.layers.0.self_attn.q_proj.weight", "q_proj"),
                ("model.layers.0.input_layernorm.weight", "input_layernorm"),
                ("model.layers.0.mlp.gate_proj.weight", "gate_proj"),
                ("model.embed_tokens.weight", "embed_tokens"),
            ] {
                let parameter = try #require(
                    loaded.store.parameters.first { $0.spec.name == name }
                )
                let gradient = try #require(parameter.tensor.gradient)
                #expect(try distance(gradient, golden("gradient.\(key)")) < 1e-5, "\(name)")
            }
        }
    }

    /// Prevents a wrong position or a lost key when a sequence is read in parts.
    @Test("Cached decode equals uncached", arguments: ["untied", "tied"])
    func cachedDecodeEqualsUncached(folder: String) throws {
        let (loaded, golden) = try golden(folder)
        try withTorchErrors { () throws in
            try withoutGradients {
                let tokens = try golden("tokens")
                let whole = loaded.model.logits(tokens)
                let cache = KeyValueCache()
                for part in [0..<4, 4..<5, 5..<8, 8..<11] {
                    let logits = loaded.model.logits(tokens.narrowed(1, part), cache: cache)
                    #expect(try distance(logits, whole.narrowed(1, part)) < 1e-5)
                }
            }
        }
    }

    @Test("Config survives a round trip") func configSurvivesARoundTrip() throws {
        let (loaded, _) = try golden("untied")
        let again = try DecoderConfig(
            JSONReader(.object(loaded.config.json), source: "config.json")
        )
        #expect(again == loaded.config)
    }

    /// Prevents a declaration that allocates, or that differs from what the checkpoint holds.
    @Test("Declaration states the checkpoint") func declarationStatesTheCheckpoint() throws {
        let (loaded, _) = try golden("untied")
        let declared = try loaded.config.declaration()
        #expect(Set(declared.map(\.name)) == Set(loaded.folder.names))
        for spec in declared { #expect(loaded.folder.entry(spec.name)?.shape == spec.shape) }
    }
}
