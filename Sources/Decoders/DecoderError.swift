package import Basics

/// What a decoder cannot do.
package enum DecoderError: UserError, Equatable {
    /// A sequence is longer than the model's positions.
    case positions(asked: Int, limit: Int, family: String)

    package var kind: ErrorKind { .invalidConfiguration }

    package var description: String {
        switch self {
        case .positions(let asked, let limit, let family):
            "\(asked) tokens are too many: this \(family) model has \(limit) positions"
        }
    }
}
