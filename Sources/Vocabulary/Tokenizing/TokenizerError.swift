package import Basics

/// Why a tokenizer cannot be read, trained or extended.
///
/// A field of `tokenizer.json` that is wrong throws a `JSONFieldError`, which names it.
package enum TokenizerError: UserError, Equatable {
    /// The file is not JSON.
    case malformed(file: String, JSONError)
    /// The vocabulary asked for has no room for the bytes, or too many ids.
    case vocabularySize(Int)
    /// The number of image codes asked for is negative or needs too many ids.
    case imageCodeCount(Int)
    /// The token to add is there already.
    case alreadyPresent(spelling: String)

    package var kind: ErrorKind {
        switch self {
        case .malformed: .malformedInput
        case .vocabularySize, .imageCodeCount, .alreadyPresent: .invalidConfiguration
        }
    }

    /// What was found and what was expected.
    package var description: String {
        switch self {
        case .malformed(let file, let error):
            "\(file): \(error)"
        case .vocabularySize(let size):
            "a vocabulary of \(size) text tokens is not possible; take 256 (the bytes) to "
                + "\(TokenID.accepted.upperBound)"
        case .imageCodeCount(let count):
            "\(count) image codes are not possible; take 0 to \(TokenID.accepted.upperBound) "
                + "tokens in all"
        case .alreadyPresent(let spelling):
            "the vocabulary has \(spelling) already; take a tokenizer without it"
        }
    }
}
