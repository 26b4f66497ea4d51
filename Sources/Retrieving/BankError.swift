package import Basics

/// Why a memory bank cannot be created, extended or searched.
package enum BankError: UserError, Equatable {
    case inUse(path: String)
    /// A file does not fit `bank.json`.
    case damaged(path: String, problem: String)
    case width(vector: String, found: Int, expected: Int)
    /// An embedding has NaN, infinity or numbers too large to be multiplied.
    case notFinite(vector: String)
    case zero(vector: String)
    /// An addition failed, and its state on the disk is unknown.
    case broken(path: String)
    case counts(documents: Int, vectors: Int)
    /// A document has too many bytes as a line of JSON.
    case tooLong(document: String, bytes: Int, limit: Int)
    /// The bank has another version of the format.
    case version(path: String, found: Int, expected: Int)
    case empty(path: String)
    /// More documents are requested than the bank has, or none.
    case limit(requested: Int, count: Int)
    /// The bank was built with another embedder.
    case source(path: String, found: EmbeddingSource, expected: EmbeddingSource)

    package var kind: ErrorKind {
        switch self {
        case .inUse, .broken: .cannotCreate
        case .empty, .version, .damaged, .width, .notFinite, .zero, .counts, .tooLong:
            .malformedInput
        case .limit: .invalidSetting
        case .source: .invalidConfiguration
        }
    }

    package var description: String {
        switch self {
        case .inUse(let path):
            "\(path): another process is adding to this bank; wait until it ends"
        case .broken(let path): "\(path): an addition failed; open the bank again to add to it"
        case .damaged(let path, let problem): "\(path): \(problem); rebuild the bank"
        case .width(let vector, let found, let expected):
            "\(vector) has \(found) numbers; \(expected) are expected"
        case .notFinite(let vector): "\(vector) has NaN, infinity or numbers that are too large"
        case .zero(let vector): "\(vector) is zero, so it has no direction"
        case .counts(let documents, let vectors):
            "\(documents) documents have \(vectors) embeddings; one each is expected"
        case .tooLong(let document, let bytes, let limit):
            "\(document) has \(bytes) bytes as JSON; at most \(limit) are allowed; "
                + "make its images smaller"
        case .version(let path, let found, let expected):
            "\(path): was written by another version of jam (format \(found), not \(expected)); "
                + "rebuild the bank"
        case .empty(let path): "\(path): the bank is empty; add documents to it first"
        case .limit(let requested, let count):
            "\(requested) documents are requested, but the bank has \(count); "
                + "request 1 to \(count)"
        case .source(let path, let found, let expected):
            "\(path): was built with the model \(found.name.quoted()) (\(found.digest.brief(24))), "
                + "not with \(expected.name.quoted()) (\(expected.digest.brief(24))); use the model "
                + "that it was built with, or rebuild the bank"
        }
    }
}
