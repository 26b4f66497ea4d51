internal import Basics
internal import Retrieving

/// Which documents of a memory bank precede the documents of a source (RA-CM3, section 3.2).
package struct Retrieval: Sendable, Equatable {
    /// What the query is made of.
    package enum Query: String, Sendable, CaseIterable {
        /// The complete document.
        case document
        /// Its text alone, as in prompts for images.
        case text
    }

    /// The folder of the memory bank.
    package var bank: String
    /// The CLIP folder that the bank was built with.
    package var clip: String
    /// The most retrieved documents of one document.
    package var count: Int
    /// From how many of the nearest documents they are drawn.
    package var candidates: Int
    /// The highest similarity of a retrieved document to the query, or to another retrieved one.
    package var relevanceLimit: Double
    /// The loss weight of the retrieved documents.
    package var weight: Double
    /// The share of the query's words that are dropped.
    package var dropout: Double
    package var query: Query

    /// Reads the member `retrieve` of a source.
    init(_ reader: JSONReader) throws(JSONFieldError) {
        bank = try reader.string("bank")
        clip = try reader.string("clip")
        count = try reader.integer("documents", default: 2, atLeast: 1, atMost: 64)
        candidates = try reader.integer("among", default: 2 * count, atLeast: count, atMost: 1024)
        relevanceLimit = try reader.number("relevance_limit", default: DocumentChoice().limit)
        guard (-1...1).contains(relevanceLimit) else {
            throw reader.failure(
                "relevance_limit",
                "\(relevanceLimit) is not a cosine from -1 to 1"
            )
        }
        weight = try reader.share("weight", default: 0.1)
        dropout = try reader.share("dropout", default: QueryDropout().rate)
        query = try reader.choice("query", default: .document)
    }
}
