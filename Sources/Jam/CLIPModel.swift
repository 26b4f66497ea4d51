public import Documents
public import Generating
internal import Tensors
internal import Vision

/// A CLIP model: compares texts and images.
///
/// It has a thread of its own, which it shares with the memory banks that are opened with it.
///
/// ```swift
/// let clip = try await CLIPModel(contentsOf: "models/dictionary/clip")
/// let bank = try await MemoryBank(contentsOf: "bank", clip: clip)
/// let answers = try await model.answers(to: Array(repeating: prompt, count: 8))
/// let best = try await clip.best(of: answers, for: "Draw a lion.")
/// ```
public actor CLIPModel {
    /// An embedding of a text or an image.
    public struct Embedding: Sendable, Equatable {
        /// A vector of length 1.
        public let vector: [Float]
        /// The tokens of a text, those included that begin and end it; 0 for an image.
        public let tokenCount: Int
    }

    let thread = ModelThread(name: "jam.clip")
    /// The folder that it was opened from.
    public nonisolated let folder: String
    private var opened: CLIPEmbedder?

    /// The model's thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        thread.asUnownedSerialExecutor()
    }

    /// Opens a folder in Hugging Face's format.
    ///
    /// - Parameters:
    ///   - folder: weights, `config.json`, `tokenizer.json`, and `preprocessor_config.json` or
    ///     `processor_config.json`.
    ///   - threads: as in ``Model/init(contentsOf:threads:maximumBatchSize:prefixCacheBytes:)``.
    /// - Throws: `JamError` if a file is missing, malformed or does not fit the others.
    public init(contentsOf folder: String, threads: Int? = nil) async throws {
        self.folder = folder
        opened = nil
        // From here on the initializer runs on the model's thread.
        opened = try withJamErrors {
            try Engine.start(threads: threads)
            return try CLIPEmbedder(folder)
        }
    }

    /// The number of dimensions of an embedding.
    public var width: Int { embedder.width }

    /// The embeddings of texts; long ones are cut to the model's context length.
    ///
    /// - Throws: `JamError` if the model computes numbers that are not finite.
    public func embeddings(of texts: [String]) throws -> [Embedding] {
        try withJamErrors {
            zip(try embedder.embeddings(ofTexts: texts), texts).map { vector, text in
                Embedding(vector: vector, tokenCount: embedder.clip.tokens(of: text).count)
            }
        }
    }

    /// The embeddings of images.
    ///
    /// - Throws: `JamError` if the model computes numbers that are not finite.
    public func embeddings(of images: [Image]) throws -> [Embedding] {
        try withJamErrors {
            try embedder.embeddings(ofImages: images).map { Embedding(vector: $0, tokenCount: 0) }
        }
    }

    /// The answer whose images fit `words` best, of several to one question (CM3Leon, section 2.3).
    ///
    /// - Parameters:
    ///   - answers: at least one.
    ///   - words: what the images should show.
    /// - Returns: one of the answers; the first if none has an image.
    /// - Throws: `JamError` if the model computes numbers that are not finite.
    public func best(of answers: [Answer], for words: String) throws -> Answer {
        try withJamErrors { try embedder.best(of: answers, for: words) }
    }

    /// The model itself, for what runs on its thread.
    var shared: OnThread<CLIPEmbedder> { OnThread(value: embedder) }

    private var embedder: CLIPEmbedder {
        guard let opened else { preconditionFailure("the initializer has opened it") }
        return opened
    }
}

/// What actors share that run on one thread.
struct OnThread<Value>: @unchecked Sendable {  // Only code on that thread may use it.
    let value: Value
}
