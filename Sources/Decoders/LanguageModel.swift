package import Layers
package import Tensors

// B batch, T positions, D width, S width of the states that the head reads, V vocabulary.

/// A model that predicts the next token: what training, generation and evaluation work with.
package protocol LanguageModel: AnyObject {
    /// The states [B, T, S] of tokens int64 [B, T] that the head reads.
    ///
    /// With a cache the tokens follow those already seen, and the cache is moved on.
    func hiddenStates(_ tokens: Tensor, cache: KeyValueCache?) -> Tensor

    /// The output projection [V, S].
    var head: Tensor { get }
}

extension LanguageModel {
    /// The logits [B, T, V] of tokens int64 [B, T].
    package func logits(_ tokens: Tensor, cache: KeyValueCache? = nil) -> Tensor {
        hiddenStates(tokens, cache: cache).linear(head)
    }

    /// The number of rows of the vocabulary.
    package var vocabularySize: Int { head.size(0) }
}
