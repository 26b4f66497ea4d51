package import Basics

/// Why a memory bank cannot be made, extended or searched.
package enum BankError: UserError, Equatable {
    /// Another process adds to the bank.
    case inUse(path: String)
    /// A file does not fit what `bank.json` states.
    case damaged(path: String, problem: String)
    /// A vector has another width than the bank.
    case width(vector: String, found: Int, expected: Int)
    /// A vector has a number that is none, or infinite, or too large to be multiplied.
    case notFinite(vector: String)
    /// A vector is zero, and has no direction.
    case zero(vector: String)
    /// An addition failed, and nobody knows what of it is on the disk.
    case broken(path: String)
    /// There is not one vector a document.
    case counts(documents: Int, vectors: Int)
    /// A document has too many bytes as a line of JSON.
    case tooLong(document: String, bytes: Int, limit: Int)
    /// All documents of the shards were passed over.
    case nothingAdded(read: Int, skipped: Int, blank: Int)
    /// The bank was written in another version of the format.
    case version(path: String, found: Int, expected: Int)
    /// There is nothing to be found.
    case empty(path: String)
    /// More documents are asked for than the bank has, or none.
    case neighbours(asked: Int, count: Int)
    /// The bank was made by another embedder.
    case source(path: String, found: EmbeddingSource, expected: EmbeddingSource)

    package var kind: ErrorKind {
        switch self {
        case .inUse, .broken: .cannotCreate
        case .empty, .nothingAdded, .version, .damaged, .width, .notFinite, .zero, .counts,
            .tooLong:
            .malformedInput
        case .neighbours: .invalidArgument
        case .source: .invalidConfiguration
        }
    }

    /// What was found, what was expected, and what to do.
    package var description: String {
        switch self {
        case .inUse(let path):
            "\(path): another process adds to this bank; wait until it has ended"
        case .broken(let path): "\(path): an addition has failed; open the bank again to add to it"
        case .damaged(let path, let problem): "\(path): \(problem); build the bank anew"
        case .width(let vector, let found, let expected):
            "\(vector) has \(found) numbers, \(expected) are expected"
        case .notFinite(let vector):
            "\(vector) holds NaN, or numbers too large; only vectors of finite length are taken"
        case .zero(let vector): "\(vector) is zero; a direction is expected"
        case .counts(let documents, let vectors):
            "\(documents) documents have \(vectors) vectors; one each is expected"
        case .tooLong(let document, let bytes, let limit):
            "\(document) has \(bytes) bytes as JSON, at most \(limit) are taken; "
                + "make its images smaller"
        case .nothingAdded(let read, let skipped, let blank):
            "nothing was added: of \(read) documents \(skipped) are passed over by --skip, and "
                + "\(blank) have neither text nor image"
        case .version(let path, let found, let expected):
            "\(path): was written by another version of jam (format \(found), not \(expected)); "
                + "build the bank anew"
        case .empty(let path): "\(path): the bank is empty; add documents to it first"
        case .neighbours(let asked, let count):
            "\(asked) documents are asked for, and the bank has \(count); ask for 1 to \(count)"
        case .source(let path, let found, let expected):
            "\(path): was built with another model, \(found.name.quoted()) (\(found.digest.brief(24))), "
                + "than the one named, \(expected.name.quoted()) (\(expected.digest.brief(24))); name "
                + "the one that it was built with, or build the bank anew"
        }
    }
}
