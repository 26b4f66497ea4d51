internal import Basics
internal import Documents
internal import Models
internal import Retrieving
internal import Vision
internal import Vocabulary

/// Finds documents for samples as they are read, and remembers which.
struct RetrievalReader {
    private let settings: Retrieval
    private var retriever: Retriever<CLIPEmbedder>
    private let seed: UInt64
    /// For each sample, places in ``found``.
    private var neighbors: [[Int]] = []
    /// What was found for any sample: numbers of the bank.
    private var found: [Int] = []
    private var places: [Int: Int] = [:]

    /// Opens the bank and the model that it was built with.
    init(_ settings: Retrieval, seed: UInt64) throws {
        self.settings = settings
        self.seed = seed
        retriever = try Retriever(BankReader(settings.bank), CLIPEmbedder(settings.clip))
        retriever.choice = DocumentChoice(limit: settings.relevanceLimit)
    }

    /// Finds documents for the next samples.
    mutating func add(_ samples: [Document]) throws {
        let dropout = QueryDropout(rate: settings.dropout)
        var queries: [Document] = []
        for (index, sample) in samples.enumerated() {
            var random = SeededGenerator(seed: seed, UInt64(neighbors.count + index))
            queries.append(dropout(settings.query.asked(of: sample), using: &random))
        }
        for near in try retriever.retrieve(settings.candidates, for: queries) {
            neighbors.append(near.map { place(of: $0.index) })
        }
    }

    /// The samples that have a document near enough, yet not too near.
    var servedCount: Int { neighbors.count { !$0.isEmpty } }

    private mutating func place(of index: Int) -> Int {
        if let place = places[index] { return place }
        places[index] = found.count
        found.append(index)
        return found.count - 1
    }

    /// Encodes all that was found.
    ///
    /// - Parameters:
    ///   - tokenizer: encodes them.
    ///   - length: the most tokens of a sample and its documents together.
    /// - Returns: the documents, joined with the samples in the order in which these came.
    /// - Throws: what is wrong with the bank.
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
    /// What a sample is looked for by; one without text by all it has.
    fileprivate func asked(of sample: Document) -> Document {
        guard self == .text else { return sample }
        var words = sample
        words.segments.removeAll { if case .image = $0.content { true } else { false } }
        return words.hasContent ? words : sample
    }
}
