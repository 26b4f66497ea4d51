package import Basics

/// Why a tokenizer cannot be read, trained or extended.
///
/// A wrong field of `tokenizer.json` is a `JSONFieldError`.
package enum TokenizerError: UserError, Equatable {
    /// The file is not JSON.
    case malformed(file: String, JSONError)
    /// The file is not UTF-8.
    case notText(file: String)
    /// The requested size is below 256 bytes or above the supported number of ids.
    case vocabularySize(Int)
    /// The requested number of image codes is negative or too large.
    case imageCodeCount(Int)
    /// The token to add exists already.
    case alreadyPresent(spelling: String)
    /// A text needs a token that the model has no row for.
    case aboveRows(spelling: String, id: TokenID, rows: Int)

    package var kind: ErrorKind {
        switch self {
        case .malformed, .notText: .malformedInput
        case .vocabularySize, .imageCodeCount, .alreadyPresent, .aboveRows: .invalidConfiguration
        }
    }

    package var description: String {
        switch self {
        case .malformed(let file, let error):
            "\(file): \(error)"
        case .notText(let file): "\(file) is not UTF-8 text; take the file of the model again"
        case .vocabularySize(let size):
            "a vocabulary of \(size) text tokens is not possible; take 256 (the bytes) to "
                + "\(TokenID.accepted.upperBound)"
        case .imageCodeCount(let count):
            "\(count) image codes are not possible; take 0 to \(TokenID.accepted.upperBound) "
                + "tokens in all"
        case .alreadyPresent(let spelling):
            "the vocabulary has \(spelling) already; take a tokenizer without it"
        case .aboveRows(let spelling, let id, let rows):
            "\(spelling.quoted()) is the token \(id), and the model has only \(rows) rows; leave it "
                + "out of texts and chat templates"
        }
    }
}
