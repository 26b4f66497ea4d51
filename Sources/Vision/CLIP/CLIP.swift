internal import Basics
package import Checkpoints
internal import Foundation
package import Layers
package import Tensors

// B texts or images, T positions, D width of a tower, P width of an embedding.

/// Texts and images as vectors that are near where they belong together (Radford et al., 2021).
///
/// Weights have the names of Hugging Face: `text_model.…`, `vision_model.…`, `text_projection.weight`,
/// `visual_projection.weight`, `logit_scale`.
package final class CLIP {
    /// The sizes.
    package let config: CLIPConfig
    /// The logarithm of what similarities are multiplied by [].
    package let logitScale: Tensor
    private let text: TextTower
    private let vision: VisionTower

    /// States the weights at `scope`.
    ///
    /// - Throws: what the scope's source finds wrong.
    package init(_ config: CLIPConfig, _ scope: ParameterScope) throws {
        self.config = config
        text = try TextTower(config, scope)
        vision = try VisionTower(config, scope)
        logitScale = try scope.parameter(
            "logit_scale",
            [],
            role: .gain,
            initially: .constant(2.6592)
        )
    }

    /// Opens config and weights of a Hugging Face folder of `model_type` "clip".
    ///
    /// - Throws: what is wrong with them.
    package static func open(_ folder: CheckpointFolder) throws
        -> (model: CLIP, store: ParameterStore)
    {
        let config = try CLIPConfig(folder.configReader())
        // Old folders carry the numbers 0, 1, 2, … of the positions.
        let source = WeightsSource(folder, as: .float32) { $0.hasSuffix(".position_ids") }
        return try ParameterStore.build(from: source) { try CLIP(config, $0) }
    }

    /// Texts as vectors of length 1.
    ///
    /// - Parameter texts: the tokens of each, with those that begin and end a text; at least one,
    ///   at most ``CLIPConfig/contextLength``.
    /// - Returns: [B, P].
    package func vectors(ofTexts texts: [[Int]]) -> Tensor {
        text(texts).normalized()
    }

    /// Images as vectors of length 1.
    ///
    /// - Parameter pixels: [B, H, W, 3] of ``CLIPConfig/imageSize``, centred and scaled as
    ///   ``CLIPPreprocessing`` does.
    /// - Returns: [B, P].
    package func vectors(ofPixels pixels: Tensor) -> Tensor {
        vision(pixels).normalized()
    }

    /// What each layer sees in images, which are given as ``vectors(ofPixels:)`` takes them: its states
    /// at length 1, [B, T, D].
    package func features(ofPixels pixels: Tensor) -> [Tensor] {
        vision.states(pixels).map { $0.normalized() }
    }

    /// How well texts and images belong together: cosines times e^``logitScale``.
    ///
    /// - Parameters:
    ///   - texts: the vectors of texts [T, P].
    ///   - images: the vectors of images [B, P].
    /// - Returns: [T, B], with gradients to all three.
    package func similarities(of texts: Tensor, to images: Tensor) -> Tensor {
        (texts * logitScale.exponential()).linear(images)
    }
}

extension Tensor {
    /// Rows [..., P] at length 1.
    fileprivate func normalized() -> Tensor {
        self / (self * self).sum([rank - 1], keeping: true).power(0.5)
    }
}

private struct TextTower {
    let tokens: Embedding
    let positions: Embedding
    let transformer: CLIPTransformer
    let norm: Norm
    let projection: Linear
    let endToken: Int
    let contextLength: Int

    init(_ config: CLIPConfig, _ scope: ParameterScope) throws {
        let (width, model) = (config.text.width, scope / "text_model")
        let embeddings = model / "embeddings"
        tokens = try Embedding(config.vocabularySize, width, embeddings / "token_embedding")
        positions = try Embedding(config.contextLength, width, embeddings / "position_embedding")
        transformer = try CLIPTransformer(config.text, model / "encoder")
        norm = try Norm(
            .layer(epsilon: config.text.epsilon, affine: true),
            width,
            model / "final_layer_norm"
        )
        projection = try Linear(width, config.projectionSize, scope / "text_projection")
        endToken = config.endToken
        contextLength = config.contextLength
    }

    /// The state of each text's end, projected: [B, P].
    func callAsFunction(_ texts: [[Int]]) -> Tensor {
        precondition(
            texts.allSatisfy { (1...contextLength).contains($0.count) },
            "a text has 1 to \(contextLength) tokens"
        )
        // No position sees what stands behind it, so any padding will do.
        let length = texts.reduce(1) { max($0, $1.count) }
        let padded = texts.flatMap { $0 + Array(repeating: 0, count: length - $0.count) }
        let embedded =
            tokens(Tensor(padded, [texts.count, length]))
            + positions(Tensor.range(0..<length))
        let states = norm(transformer(embedded, .causal)).reshaped([texts.count * length, -1])
        let ends = texts.enumerated().map { $0 * length + end(of: $1) }
        return projection(states.selected(0, Tensor(ends, [ends.count])))
    }

    private func end(of text: [Int]) -> Int {
        let last = text.count - 1
        if endToken != CLIPConfig.legacyEndToken { return text.firstIndex(of: endToken) ?? last }
        return text.max().flatMap { text.firstIndex(of: $0) } ?? last
    }
}

private struct VisionTower {
    let patchSize: Int
    let patches: Tensor  // [D, 3, patch, patch]
    let classToken: Tensor  // [D]
    let positions: Embedding
    let firstNorm: Norm
    let transformer: CLIPTransformer
    let lastNorm: Norm
    let projection: Linear

    init(_ config: CLIPConfig, _ scope: ParameterScope) throws {
        let (width, model) = (config.vision.width, scope / "vision_model")
        let embeddings = model / "embeddings"
        let grid = config.imageSize / config.patchSize
        let norm = NormKind.layer(epsilon: config.vision.epsilon, affine: true)
        patchSize = config.patchSize
        patches = try (embeddings / "patch_embedding").parameter(
            "weight",
            [width, 3, patchSize, patchSize],
            role: .kernel,
            initially: .normal(deviation: 0.02)
        )
        classToken = try embeddings.parameter(
            "class_embedding",
            [width],
            role: .positions,
            initially: .normal(deviation: 0.02)
        )
        positions = try Embedding(grid * grid + 1, width, embeddings / "position_embedding")
        // The name has been spelled so since the first folder.
        firstNorm = try Norm(norm, width, model / "pre_layrnorm")
        transformer = try CLIPTransformer(config.vision, model / "encoder")
        lastNorm = try Norm(norm, width, model / "post_layernorm")
        projection = try Linear(width, config.projectionSize, scope / "visual_projection")
    }

    /// The state of each image's class token, projected: [B, P].
    func callAsFunction(_ pixels: Tensor) -> Tensor {
        let states = transformer(embedded(pixels), .full)
        let first = states.narrowed(1, 0..<1).reshaped([pixels.size(0), -1])
        return projection(lastNorm(first))
    }

    /// The states [B, T, D] after each layer, those of the class token first.
    func states(_ pixels: Tensor) -> [Tensor] {
        transformer.states(embedded(pixels), .full)
    }

    private func embedded(_ pixels: Tensor) -> Tensor {
        let batch = pixels.size(0)
        let grid = pixels.permuted([0, 3, 1, 2])
            .convolved(patches, bias: nil, stride: patchSize, padding: 0)  // [B, D, g, g]
        let seen = grid.flattened(from: 2).transposed(1, 2)  // [B, g · g, D]
        let width = classToken.size(0)
        let first = Tensor.zeros([batch, 1, width]) + classToken
        let states = Tensor.concatenated([first, seen], along: 1)  // [B, T, D]
        let placed = states + positions(Tensor.range(0..<states.size(1)))
        return firstNorm(placed)
    }
}
