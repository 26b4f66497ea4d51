internal import Basics
internal import Retrieving

/// Which documents of a memory bank stand before the samples of a source (RA-CM3, section 3.2).
package struct Retrieval: Sendable, Equatable {
    /// What is looked for.
    package enum Query: String, Sendable, CaseIterable {
        /// The whole sample.
        case document
        /// Its text alone, as where images are asked for by words.
        case text
    }

    /// The folder of the bank.
    package var bank: String
    /// The CLIP folder that the bank was built with.
    package var clip: String
    /// The most documents before a sample.
    package var count: Int
    /// How many near documents they are drawn from.
    package var candidates: Int
    /// The highest relevance of a document, and likeness of two.
    package var relevanceLimit: Double
    /// What predicting the documents counts in the loss.
    package var weight: Double
    /// The part of a query's words that is dropped.
    package var dropout: Double
    /// What is looked for.
    package var query: Query

    /// Reads the member `retrieve` of a source.
    init(_ reader: JSONReader) throws(JSONFieldError) {
        func share(_ key: String, _ fallback: Double) throws(JSONFieldError) -> Double {
            let value = try reader.number(key, default: fallback)
            guard (0...1).contains(value) else {
                throw reader.failure(key, "\(value) is not from 0 to 1")
            }
            return value
        }
        bank = try reader.string("bank")
        clip = try reader.string("clip")
        count = try reader.integer("documents", default: 2, atLeast: 1, atMost: 64)
        candidates = try reader.integer("among", default: 2 * count, atLeast: count, atMost: 1024)
        relevanceLimit = try reader.number("relevance_limit", default: DocumentChoice().limit)
        guard (-1...1).contains(relevanceLimit) else {
            throw reader.failure("relevance_limit", "\(relevanceLimit) is no cosine from -1 to 1")
        }
        weight = try share("weight", 0.1)
        dropout = try share("dropout", QueryDropout().rate)
        query = try reader.choice("query", default: .document)
    }
}
