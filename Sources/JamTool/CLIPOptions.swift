import ArgumentParser
import Basics
import Foundation
import Jam
import Retrieving
import Vision

/// Options that need a CLIP model.
struct CLIPOptions: ParsableArguments {
    @Option(
        help: """
            A CLIP folder, which chooses among candidates and finds documents to retrieve.
            """
    )
    var clip: String?

    @Option(help: "A memory bank; documents similar to the prompt are added to the context.")
    var retrieve: String?

    @Option(help: "How many documents to retrieve. (default: 2)")
    var documents: Int?

    @Option(
        help: "Skip documents whose cosine similarity to the prompt or to each other is above this."
    )
    var relevanceLimit: Double?

    func validate() throws {
        if let documents, !(1...64).contains(documents) {
            throw ValidationError("--documents is \(documents); 1 to 64 is expected")
        }
        if let relevanceLimit, !(-1...1).contains(relevanceLimit) {
            throw ValidationError(
                "--relevance-limit is \(relevanceLimit); a cosine from -1 to 1 is expected"
            )
        }
        guard retrieve != nil || (documents == nil && relevanceLimit == nil) else {
            throw ValidationError("--documents and --relevance-limit need --retrieve")
        }
    }

    /// Opens the model and the bank; `nil` if no option needs them.
    func opened() throws -> CLIPHelper? {
        guard let clip else { return nil }
        let bank = try retrieve.map(BankReader.init)
        let embedder = try CLIPEmbedder(clip)
        var retriever = try bank.map { try Retriever($0, embedder) }
        retriever?.choice = DocumentChoice(limit: relevanceLimit ?? 1)
        return CLIPHelper(embedder: embedder, retriever: retriever, documentCount: documents ?? 2)
    }
}

/// A CLIP model that ranks answers and finds documents.
struct CLIPHelper {
    let embedder: CLIPEmbedder
    let retriever: Retriever<CLIPEmbedder>?
    let documentCount: Int

    /// The neighbors of each prompt; empty without a bank.
    func found(for prompts: [Document]) throws -> [[Neighbor]] {
        try retriever?.retrieve(documentCount, for: prompts) ?? []
    }

    /// Of the candidates for each question, one after the other, the one whose images fit best.
    func best(of candidates: [Answer], for words: [String]) throws -> [Answer] {
        let count = candidates.count / words.count
        return try words.enumerated().map { index, words in
            try embedder.best(of: candidates[index * count..<(index + 1) * count], for: words)
        }
    }

    /// The documents of neighbors.
    func documents(_ found: [[Neighbor]]) throws -> [[Document]] {
        guard let retriever else { return [] }
        return try found.map(retriever.documents)
    }
}

extension [Neighbor] {
    /// Which documents precede a prompt, the first `count`, and their similarities.
    func sentence(taken count: Int) -> String {
        guard !isEmpty else { return "retrieved: nothing" }
        let list = prefix(count).map { "\($0.index) (\($0.score.decimals(3)))" }
        let left = count < self.count ? "; \(self.count - count) did not fit" : ""
        let taken = list.isEmpty ? "none" : list.joined(separator: ", ")
        return "retrieved: documents \(taken)\(left)"
    }
}
