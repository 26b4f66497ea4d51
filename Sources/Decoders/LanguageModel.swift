package import Layers
package import Tensors

// B batch, T positions, S size of the hidden states that the head reads, V vocabulary.

/// A model that predicts the next token.
package protocol LanguageModel: AnyObject {
    /// The hidden states [B, T, S] of tokens [B, T] that the head reads.
    ///
    /// With a cache, the tokens follow the cached ones and are appended to it.
    func hiddenStates(_ tokens: TokenRows, cache: KeyValueCache?) -> Tensor

    /// The output projection.
    var head: OutputHead { get }
}

extension LanguageModel {
    /// The logits [B, T, V] of tokens [B, T].
    package func logits(_ tokens: TokenRows, cache: KeyValueCache? = nil) -> Tensor {
        head.logits(hiddenStates(tokens, cache: cache))
    }

    package var vocabularySize: Int { head.vocabularySize }
}
