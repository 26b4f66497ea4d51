internal import Checkpoints
internal import Decoders
package import Models
internal import Tensors

/// A model that answers in words and images.
///
/// It has a thread of its own, so tasks can share it freely; answers that are asked for at the same
/// time are generated together. Opening it reads the weights into memory.
///
/// ```swift
/// let model = try await Model(contentsOf: "models/dictionary/answers")
/// for try await event in model.answer("What is a volcano?") {
///     if case .text(let text) = event { print(text, terminator: "") }
/// }
/// ```
public actor Model {
    private let thread = ModelThread(name: "jam.model")
    /// The folder that it was opened from.
    public nonisolated let folder: String
    /// 512 MB.
    public static let defaultPrefixCacheBytes = 512 << 20
    /// How many answers are generated at a time; others wait.
    public nonisolated let maximumBatchSize: Int
    /// The answers that are being generated, and those that wait.
    let running: RunningAnswers
    /// Whether a task generates them.
    var isDriving = false
    private var opened: Opened?

    private struct Opened {
        let model: MultimodalModel
        let warnings: [String]
    }

    /// The model's thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        thread.asUnownedSerialExecutor()
    }

    /// Opens a model folder: one in Hugging Face's format, or a fused or trained one.
    ///
    /// - Parameters:
    ///   - folder: weights, `config.json`, `tokenizer.json`, and the image tokenizer in
    ///     `image_tokenizer` if the model reads or draws images.
    ///   - threads: the threads of one operation, 1 to 1024; `nil` leaves the number as it is, at
    ///     first one per core. Results repeat bit for bit only with the same number.
    ///   - maximumBatchSize: how many answers are generated at a time, at least 1; each has its keys
    ///     and values in memory, with guidance twice or three times while it draws.
    ///   - prefixCacheBytes: the most memory for keys and values of earlier answers; a prompt that
    ///     begins as one of them did, as the next turn of a conversation does, is read from there on
    ///     only. 0 keeps none.
    /// - Throws: `JamError` if a file is missing, malformed or does not fit the others.
    public init(
        contentsOf folder: String,
        threads: Int? = nil,
        maximumBatchSize: Int = 8,
        prefixCacheBytes: Int = Model.defaultPrefixCacheBytes
    ) async throws {
        precondition(maximumBatchSize > 0, "a batch has an answer")
        precondition(prefixCacheBytes >= 0, "memory is not negative")
        self.folder = folder
        self.maximumBatchSize = maximumBatchSize
        running = RunningAnswers(limit: maximumBatchSize, prefixCacheBytes: prefixCacheBytes)
        opened = nil
        // Here the actor is complete, and what follows runs on its thread.
        opened = try withJamErrors {
            try Engine.start(threads: threads)
            let opened = try ModelFolder(folder, packing: true)
            let model = try MultimodalModel(opened)
            return Opened(
                model: model,
                warnings: opened.folder.warnings + model.warnings
            )
        }
    }

    /// The longest prompt and answer together, in tokens.
    public var contextLength: Int { model.contextLength }

    /// Whether it can draw images.
    public var drawsImages: Bool { model.draws }

    /// Whether it can draw regions of images again.
    public var inpaints: Bool { (try? model.checkInpaints()) != nil }

    /// The sizes at which it sees images; empty if it reads none.
    ///
    /// Of an image it sees the middle: the largest part that has the aspect ratio of one of these
    /// sizes, the nearest.
    public var imageSizes: [ImageSize] { model.readSizes }

    /// Whether it has a chat template, and so holds conversations.
    ///
    /// Other models continue texts.
    public var hasChatTemplate: Bool { model.tokenizer.conversation != nil }

    /// Oddities of the folder that do no harm, each in a sentence.
    public var warnings: [String] { opened?.warnings ?? [] }

    /// The model itself, for what runs on its thread.
    package var model: MultimodalModel {
        guard let opened else { preconditionFailure("the initializer has opened it") }
        return opened.model
    }
}
