package import Layers
package import Tensors

// B batch, T positions, S size of the hidden states that the head reads, V vocabulary.

/// A model that predicts the next token.
package protocol LanguageModel: AnyObject {
    /// The hidden states [B, T, S] of tokens int64 [B, T] that the head reads.
    ///
    /// With a cache, the tokens follow the cached ones and are appended to it.
    func hiddenStates(_ tokens: Tensor, cache: KeyValueCache?) -> Tensor

    /// The output projection [V, S].
    var head: Tensor { get }
}

extension LanguageModel {
    /// The logits [B, T, V] of tokens int64 [B, T].
    package func logits(_ tokens: Tensor, cache: KeyValueCache? = nil) -> Tensor {
        hiddenStates(tokens, cache: cache).linear(head)
    }

    package var vocabularySize: Int { head.size(0) }
}
