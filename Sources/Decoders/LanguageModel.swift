public import Layers
public import Tensors

// B batch, T positions, D width, S width of the states that the head reads, V vocabulary.

/// A model that predicts the next token: what training, generation and evaluation work with.
public protocol LanguageModel: AnyObject {
    /// The states [B, T, S] of tokens int64 [B, T] that the head reads.
    ///
    /// With a cache the tokens follow those already seen, and the cache is moved on.
    func states(_ tokens: Tensor, cache: KeyValueCache?) -> Tensor

    /// The output projection [V, S].
    var head: Tensor { get }
}

extension LanguageModel {
    /// The logits [B, T, V] of tokens int64 [B, T].
    public func logits(_ tokens: Tensor, cache: KeyValueCache? = nil) -> Tensor {
        states(tokens, cache: cache).linear(head)
    }

    /// The number of rows of the vocabulary.
    public var vocabularySize: Int { head.size(0) }
}

/// The layers of a decoder without its tables: what a Cross model is built of.
public protocol Tower: AnyObject {
    /// D.
    var width: Int { get }
    /// The number of layers.
    var layerCount: Int { get }
    /// x [B, T, D] through layer `index`.
    func layer(_ index: Int, _ x: Tensor, _ step: DecodingStep) -> Tensor
    /// x [B, T, D] through the norm after the last layer.
    func finalNorm(_ x: Tensor) -> Tensor
}
