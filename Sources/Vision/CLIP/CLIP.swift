internal import Basics
package import Checkpoints
internal import Foundation
package import Layers
package import Tensors

// B texts or images, T positions, D hidden size of a tower, P size of an embedding.

/// CLIP: embeddings of texts and images in one space (Radford et al., 2021).
///
/// The weights have Hugging Face's names: `text_model.…`, `vision_model.…`, `text_projection.weight`,
/// `visual_projection.weight`, `logit_scale`.
package final class CLIP {
    package let config: CLIPConfig
    /// The logarithm of the factor of similarities (the inverse temperature) [].
    package let logitScale: Tensor
    private let text: TextTower
    private let vision: VisionTower

    package init(_ config: CLIPConfig, _ scope: ParameterScope) throws {
        self.config = config
        text = try TextTower(config, scope)
        vision = try VisionTower(config, scope)
        logitScale = try scope.parameter(
            "logit_scale",
            [],
            role: .scale,
            initially: .constant(2.6592)
        )
    }

    /// Opens config and weights of a Hugging Face folder.
    package static func open(_ folder: CheckpointFolder) throws
        -> (model: CLIP, store: ParameterStore)
    {
        let config = try CLIPConfig(folder.configReader())
        // Old folders store the position ids 0, 1, 2, …
        let source = WeightsSource(
            folder,
            as: .float32,
            allowingUnused: { $0.hasSuffix(".position_ids") }
        )
        return try ParameterStore.build(from: source) { try CLIP(config, $0) }
    }

    /// The embeddings of texts [B, P], of length 1.
    ///
    /// Texts are 1 to ``CLIPConfig/contextLength`` tokens each, with start and end token.
    package func embeddings(ofTexts texts: [[Int]]) -> Tensor {
        text(texts).normalized()
    }

    /// The embeddings [B, P], of length 1, of pixels [B, H, W, 3] from ``CLIPPreprocessing``.
    package func embeddings(ofPixels pixels: Tensor) -> Tensor {
        vision(pixels).normalized()
    }

    /// The hidden states [B, T, D] after each layer of the vision tower, at length 1.
    package func features(ofPixels pixels: Tensor) -> [Tensor] {
        vision.hiddenStates(pixels).map { $0.normalized() }
    }

    /// The logits [T, B] of texts [T, P] and images [B, P]: cosine similarities times e^``logitScale``.
    package func similarities(of texts: Tensor, to images: Tensor) -> Tensor {
        (texts * logitScale.exponential()).linear(images)
    }
}

extension Tensor {
    /// Scales rows [..., P] to length 1.
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

    /// The projected hidden state of each text's end token: [B, P].
    func callAsFunction(_ texts: [[Int]]) -> Tensor {
        precondition(
            texts.allSatisfy { (1...contextLength).contains($0.count) },
            "a text needs 1 to \(contextLength) tokens"
        )
        // Attention is causal, so the padding after a text does not matter.
        let length = texts.reduce(1) { max($0, $1.count) }
        let padded = texts.flatMap { $0 + Array(repeating: 0, count: length - $0.count) }
        let embedded =
            tokens(Tensor(padded, [texts.count, length]))
            + positions(Tensor.range(0..<length))
        let hidden = norm(transformer(embedded, .causal)).reshaped([texts.count * length, -1])
        let ends = texts.enumerated().map { $0 * length + end(of: $1) }
        return projection(hidden.selected(0, Tensor(ends, [ends.count])))
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
            initially: .normal(std: 0.02)
        )
        classToken = try embeddings.parameter(
            "class_embedding",
            [width],
            role: .positions,
            initially: .normal(std: 0.02)
        )
        positions = try Embedding(grid * grid + 1, width, embeddings / "position_embedding")
        // This is how Hugging Face spells it.
        firstNorm = try Norm(norm, width, model / "pre_layrnorm")
        transformer = try CLIPTransformer(config.vision, model / "encoder")
        lastNorm = try Norm(norm, width, model / "post_layernorm")
        projection = try Linear(width, config.projectionSize, scope / "visual_projection")
    }

    /// The projected hidden state of each image's class token: [B, P].
    func callAsFunction(_ pixels: Tensor) -> Tensor {
        let hidden = transformer(embedded(pixels), .full)
        let first = hidden.narrowed(1, 0..<1).reshaped([pixels.size(0), -1])
        return projection(lastNorm(first))
    }

    /// The hidden states [B, T, D] after each layer, the class token first.
    func hiddenStates(_ pixels: Tensor) -> [Tensor] {
        transformer.hiddenStates(embedded(pixels), .full)
    }

    private func embedded(_ pixels: Tensor) -> Tensor {
        let batch = pixels.size(0)
        let grid = pixels.permuted([0, 3, 1, 2])
            .convolved(patches, bias: nil, stride: patchSize, padding: 0)  // [B, D, g, g]
        let patches = grid.flattened(from: 2).transposed(1, 2)  // [B, g · g, D]
        let width = classToken.size(0)
        let first = Tensor.zeros([batch, 1, width]) + classToken
        let embeddings = Tensor.concatenated([first, patches], along: 1)  // [B, T, D]
        return firstNorm(embeddings + positions(Tensor.range(0..<embeddings.size(1))))
    }
}
