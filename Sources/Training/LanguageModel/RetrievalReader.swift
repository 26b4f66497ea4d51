internal import Basics
internal import Documents
internal import Models
internal import Retrieving
internal import Vision
internal import Vocabulary

/// Retrieves documents for the documents of a source as these are read.
struct RetrievalReader {
    private let settings: Retrieval
    private var retriever: Retriever<CLIPEmbedder>
    private let seed: UInt64
    /// For each document, indices into ``found``, the nearest first.
    private var neighbors: [[Int]] = []
    /// The bank indices of all retrieved documents.
    private var found: [Int] = []
    private var places: [Int: Int] = [:]

    init(_ settings: Retrieval, seed: UInt64) throws {
        self.settings = settings
        self.seed = seed
        retriever = try Retriever(BankReader(settings.bank), CLIPEmbedder(settings.clip))
        retriever.choice = DocumentChoice(limit: settings.relevanceLimit)
    }

    /// Retrieves documents for the next documents.
    mutating func add(_ documents: [Document]) throws {
        let dropout = QueryDropout(rate: settings.dropout)
        var queries: [Document] = []
        for (index, document) in documents.enumerated() {
            var random = SeededGenerator(seed: seed, UInt64(neighbors.count + index))
            queries.append(dropout(settings.query.query(for: document), using: &random))
        }
        for near in try retriever.retrieve(settings.candidates, for: queries) {
            neighbors.append(near.map { place(of: $0.index) })
        }
    }

    /// For how many documents any was retrieved.
    var servedCount: Int { neighbors.count { !$0.isEmpty } }

    private mutating func place(of index: Int) -> Int {
        if let place = places[index] { return place }
        places[index] = found.count
        found.append(index)
        return found.count - 1
    }

    /// Encodes the retrieved documents, for examples of at most `length` tokens.
    func documents(_ tokenizer: DocumentTokenizer, length: Int) throws -> RetrievedDocuments {
        let sequences = try found.inChunks(of: 64) { indices in
            let documents = try indices.map(retriever.bank.document)
            guard tokenizer.image != nil || documents.allSatisfy(\.images.isEmpty) else {
                throw ModelError.noImageTokenizer(need: "\(settings.bank), which has images,")
            }
            return try tokenizer.encode(documents)
        }
        return RetrievedDocuments(
            sequences,
            neighbors: neighbors,
            limit: settings.count,
            weight: Float(settings.weight),
            length: length
        )
    }
}

extension Retrieval.Query {
    /// The query for a document; one without text is taken completely.
    fileprivate func query(for document: Document) -> Document {
        guard self == .text else { return document }
        var words = document
        words.segments = document.segments.compactMap { segment in
            guard case .image = segment.content else { return segment }
            return segment.altText.map { .text($0, role: segment.role) }
        }
        return words.hasContent ? words : document
    }
}
