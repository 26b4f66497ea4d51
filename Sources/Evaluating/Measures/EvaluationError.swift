package import Basics

/// Why a model cannot be measured on some data.
package enum EvaluationError: UserError, Equatable {
    /// A document does not fit into the context.
    case tooLong(tokens: Int, context: Int)
    /// There is no token whose loss counts.
    case nothingCounts
    /// The model computed non-finite losses.
    case lossNotFinite

    package var kind: ErrorKind { .malformedInput }

    package var description: String {
        switch self {
        case .tooLong(let tokens, let context):
            "a document has \(tokens) tokens and the model's context only \(context); "
                + "measure it on shorter ones"
        case .nothingCounts: "the data has no token whose loss counts; at least one is expected"
        case .lossNotFinite: "the model computed non-finite losses; its weights are damaged"
        }
    }
}
