internal import Documents
internal import Retrieving
internal import Tensors
internal import Vision

extension MemoryBank {
    /// How a bank is built.
    public struct BuildOptions: Sendable {
        /// Whether to add to an existing bank instead of creating one.
        public var appends = false
        /// The number of documents to skip first, to continue after an error.
        public var skippedCount = 0
        /// The most documents to read after the skipped ones.
        public var limit = Int.max
        /// How many documents that cannot be read are passed over: a count, or a share below 1.
        public var maxBadDocuments = 0.0
        /// As in ``Model/init(contentsOf:threads:maximumBatchSize:prefixCacheBytes:)``.
        public var threads: Int?

        /// Creates a bank of all documents.
        public init() {}
    }

    /// How far a build is.
    public struct BuildProgress: Sendable, Equatable {
        /// The number of documents in the bank, all on the disk.
        public let count: Int
        /// The number of those that this build has added.
        public let addedCount: Int
        /// The number of documents of the shards that were read, including skipped ones.
        public let readCount: Int
        /// The number of documents of the shards that are skipped, added or left out: to continue after
        /// an error, skip as many.
        public let processedCount: Int
        /// The number of documents that are left out because they have neither text nor image.
        public let blankCount: Int
        /// Sentences about bad documents that were passed over, and about what else the shards have.
        public let remarks: [String]
    }

    /// Builds a bank from the documents of shards, or adds them to one.
    ///
    /// ```swift
    /// for try await progress in MemoryBank.build(at: "bank", clip: "clip", shards: ["docs.jsonl"]) {
    ///     print(progress.addedCount)
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - folder: the folder of the bank.
    ///   - clip: the folder of the CLIP model that computes the embeddings.
    ///   - shards: JSON Lines files or WebDataset archives, in order.
    ///   - options: what to skip and whether to append.
    /// - Returns: the progress after each batch, first without any. Iterating throws `JamError`; the
    ///   last progress before it is what is in the bank. Cancelling the task that iterates ends the
    ///   build after the current batch.
    public static func build(
        at folder: String,
        clip: String,
        shards: [String],
        options: BuildOptions = BuildOptions()
    ) -> Work<BuildProgress> {
        Work { try build(folder, clip, shards, options, onProgress: $0) }
    }

    /// Compares all documents and embeddings of a bank with their checksums.
    ///
    /// - Returns: the number of documents that are checked, at the end all. Iterating throws
    ///   `JamError` for the first one that was changed.
    public static func check(_ folder: String) -> Work<CheckProgress> {
        Work { try check(folder, onProgress: $0) }
    }

    /// How far a check is.
    public struct CheckProgress: Sendable, Equatable {
        /// The number of documents checked.
        public let checkedCount: Int
        /// The number of documents in the bank.
        public let count: Int
    }
}

extension MemoryBank {
    /// Work on a bank, on a thread of its own; the latest progress where several have passed.
    ///
    /// It begins with the iteration. When the task that iterates is cancelled, the iteration throws a
    /// `JamError` of the kind `ErrorKind.interrupted`, once the work has stopped.
    public struct Work<Progress: Sendable>: AsyncSequence, Sendable {
        let body: @Sendable ((Progress) throws -> Void) throws -> Void

        /// Begins the work.
        public func makeAsyncIterator() -> Iterator { Iterator(work: BackgroundWork(body)) }

        /// Iterates over the progress.
        public struct Iterator: AsyncIteratorProtocol {
            let work: BackgroundWork<Progress>

            /// The next progress; `nil` when the work is done.
            public mutating func next() async throws -> Progress? { try await work.next() }
        }
    }

    private final class Remarks {
        var sentences: [String] = []
    }

    private static func build(
        _ folder: String,
        _ clip: String,
        _ shards: [String],
        _ options: MemoryBank.BuildOptions,
        onProgress: (MemoryBank.BuildProgress) throws -> Void
    ) throws {
        let limit = options.maxBadDocuments
        guard let badDocuments = BadDocumentLimit(limit) else {
            throw BadDocumentLimit.Invalid(number: limit)
        }
        try Engine.start(threads: options.threads)
        let embedder = try CLIPEmbedder(clip)
        let remarks = Remarks()
        var builder = try BankBuilder(
            embedder,
            shards: shards,
            skipping: options.skippedCount,
            limit: options.limit,
            badDocuments: badDocuments,
            onRemark: { remarks.sentences.append($0) }
        )
        if !options.appends {
            try BankWriter.create(at: folder, width: embedder.width, source: embedder.source)
        }
        var writer = try BankWriter(folder)
        try writer.check(embedder)
        let before = writer.count
        func report(_ builder: BankBuilder<CLIPEmbedder>, _ count: Int) throws {
            try onProgress(
                MemoryBank.BuildProgress(
                    count: count,
                    addedCount: count - before,
                    readCount: builder.readCount,
                    processedCount: builder.processedCount,
                    blankCount: builder.blankCount,
                    remarks: remarks.sentences
                )
            )
        }
        try report(builder, before)
        do {
            try builder.add(to: &writer, onBatch: report)
        } catch {
            try report(builder, writer.count)
            throw error
        }
    }

    private static func check(
        _ folder: String,
        onProgress: (MemoryBank.CheckProgress) throws -> Void
    ) throws {
        let bank = try BankReader(folder)
        try onProgress(MemoryBank.CheckProgress(checkedCount: 0, count: bank.count))
        try bank.check { checked in
            // Often enough to show, and to be cancelled.
            guard checked % 256 == 0 || checked == bank.count else { return }
            try onProgress(MemoryBank.CheckProgress(checkedCount: checked, count: bank.count))
        }
    }
}
