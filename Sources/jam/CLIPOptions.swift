import ArgumentParser
import Basics
import Documents
import Generating
import Retrieving
import Vision

/// What a CLIP model helps to generate.
struct CLIPOptions: ParsableArguments {
    @Option(help: "A CLIP folder, for --candidates and --retrieve.")
    var clip: String?

    @Option(help: "Make so many answers, and keep the one whose pictures fit the words best.")
    var candidates = 1

    @Option(help: "A memory bank: what is near the prompt stands before it.")
    var retrieve: String?

    @Option(help: "How many documents of the bank.")
    var documents = 2

    @Option(
        help: "Pass over documents nearer than this to the prompt or each other; 1 takes all."
    )
    var relevanceLimit = DocumentChoice().limit

    func validate() throws {
        guard (1...1000).contains(candidates) else {
            throw ValidationError("--candidates is \(candidates); 1 to 1000 is expected")
        }
        guard (1...64).contains(documents) else {
            throw ValidationError("--documents is \(documents); 1 to 64 is expected")
        }
        guard (-1...1).contains(relevanceLimit) else {
            throw ValidationError(
                "--relevance-limit is \(relevanceLimit); a cosine from -1 to 1 is expected"
            )
        }
        let needsModel = candidates > 1 || retrieve != nil
        guard needsModel == (clip != nil) else {
            throw ValidationError(
                "--clip goes with --candidates or --retrieve, and they with --clip"
            )
        }
    }

    /// Opens the model and the bank; `nil` where nothing needs them.
    func opened() throws -> CLIPHelper? {
        guard let clip else { return nil }
        let bank = try retrieve.map(MemoryBank.init)
        let embedder = try CLIPEmbedder(clip)
        var retriever = try bank.map { try Retriever($0, embedder) }
        retriever?.choice = DocumentChoice(limit: relevanceLimit)
        return CLIPHelper(embedder: embedder, retriever: retriever, documentCount: documents)
    }
}

/// A CLIP model that chooses answers and finds documents.
struct CLIPHelper {
    let embedder: CLIPEmbedder
    let retriever: Retriever<CLIPEmbedder>?
    let documentCount: Int

    /// For each prompt the documents that are near it; nothing at all without a bank.
    func documents(for prompts: [Document]) throws -> [[Document]] {
        try retriever?.documents(documentCount, for: prompts) ?? []
    }
}
