package import Decoders
package import Layers
package import Tensors

extension LanguageModel {
    /// The hidden states of tokens int64 [B, T].
    package func hiddenStates(_ tokens: Tensor, cache: KeyValueCache?) -> Tensor {
        hiddenStates(tokens.rows, cache: cache)
    }

    /// The logits of tokens int64 [B, T].
    package func logits(_ tokens: Tensor, cache: KeyValueCache? = nil) -> Tensor {
        logits(tokens.rows, cache: cache)
    }
}

extension Tensor {
    fileprivate var rows: TokenRows {
        guard let tokens = try? integers() else { preconditionFailure("tokens are integers") }
        return TokenRows(tokens, rows: size(0))
    }
}
