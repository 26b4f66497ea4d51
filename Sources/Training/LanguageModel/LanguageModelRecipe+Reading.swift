internal import Documents
internal import Models
internal import Vocabulary

extension LanguageModelRecipe {
    /// Reads the documents of all sources, and splits off the held-out ones; with the number of bad
    /// documents that were passed over.
    func read(
        _ tokenizer: DocumentTokenizer,
        contextLength: Int,
        _ onEvent: @escaping TrainingEventHandler
    ) throws -> (sources: [ExampleSource], heldOut: [ExampleSource], badCount: Int) {
        var badCount = 0
        var sources: [ExampleSource] = []
        var heldOut: [ExampleSource] = []
        for source in self.sources {
            func report(_ count: Int, isDone: Bool = false) {
                onEvent(
                    .reading(
                        "reading \(source.name)",
                        count: count,
                        total: source.limit == .max ? nil : source.limit,
                        unit: "documents",
                        isDone: isDone
                    )
                )
            }
            report(0)
            var retrieval = try source.retrieval.map {
                try RetrievalReader($0, seed: header.training.seed)
            }
            var readCount = 0
            var unsaidCount = 0
            let saysAltTexts = tokenizer.space.specialTokens[.altText] != nil
            var (sequences, bad) = try tokenizer.sequences(
                of: source.shards,
                limit: source.limit,
                badDocuments: header.badDocuments,
                onRemark: { onEvent(.warning("\(source.name): \($0)")) }
            ) {
                try retrieval?.add($0)
                readCount += $0.count
                if !saysAltTexts { unsaidCount += $0.count { !$0.altTexts.isEmpty } }
                report(readCount)
            }
            badCount += bad
            if unsaidCount > 0 {
                onEvent(
                    .warning(
                        "\(source.name): what the images of \(unsaidCount) documents show is left out, "
                            + "since the tokenizer has no <alt>"
                    )
                )
            }
            report(sequences.count, isDone: true)
            if let retrieval {
                let served = retrieval.servedCount
                guard served > 0 else { throw DataError.nothingNear(source: source.name) }
                if served < sequences.count {
                    onEvent(
                        .warning(
                            "\(source.name): the bank has a document near enough to \(served) of "
                                + "\(sequences.count) documents"
                        )
                    )
                }
            }
            // Truncated before the objective moves or masks spans, so that these are complete.
            let limit = contextLength + 1 - source.objective.addedTokenCount
            guard limit > 1 else {
                throw DataError.context(source: source.name, length: contextLength)
            }
            let longCount = sequences.count { $0.tokens.count > limit }
            if longCount > 0 {
                onEvent(
                    .warning(
                        "\(source.name): \(longCount) documents are truncated to \(limit) tokens"
                    )
                )
            }
            // Before truncation, so that those without any answer are still named as wrong.
            let kept = sequences.indices.filter { index in
                let answers = sequences[index].answers
                return !source.objective.needsAnswers || answers.isEmpty
                    || !sequences[index].prefix(limit).answers.isEmpty
            }
            if kept.count < sequences.count {
                onEvent(
                    .warning(
                        "\(source.name): \(sequences.count - kept.count) of them are passed over, "
                            + "since no answer begins in the first \(limit) tokens"
                    )
                )
            }
            let retrieved = try retrieval?.documents(tokenizer, length: contextLength + 1)[kept]
            sequences = kept.map { sequences[$0].prefix(limit) }
            guard sequences.count > header.heldOutCount else {
                throw DataError.tooFew(
                    source: source.name,
                    found: sequences.count,
                    heldOut: header.heldOutCount
                )
            }
            func part(
                _ part: ArraySlice<TokenSequence>,
                _ retrieved: RetrievedDocuments?
            ) -> ExampleSource {
                ExampleSource(
                    source.name,
                    Array(part),
                    objective: source.objective,
                    retrieved: retrieved?[part.indices],
                    weight: source.weight
                )
            }
            sources.append(part(sequences.dropLast(header.heldOutCount), retrieved))
            heldOut.append(part(sequences.suffix(header.heldOutCount), retrieved?.unweighted))
        }
        return (sources, heldOut, badCount)
    }
}

extension DocumentTokenizer {
    private static let imagesAtOnce = 64

    /// Encodes up to `limit` documents of shards, and calls `visit` with some at a time; with the
    /// number of bad documents.
    ///
    /// - Throws: what is wrong with a shard, `ModelError` for an image without an image tokenizer,
    ///   and what `visit` throws.
    fileprivate func sequences(
        of shards: [String],
        limit: Int,
        badDocuments: BadDocumentLimit,
        onRemark: @escaping (String) -> Void,
        visit: ([Document]) throws -> Void
    ) throws -> (sequences: [TokenSequence], badCount: Int) {
        var sequences: [TokenSequence] = []
        var waiting: [Document] = []
        func encodeWaiting() throws {
            sequences += try encode(waiting)
            try visit(waiting)
            waiting = []
        }
        let badCount = try readDocuments(
            of: shards,
            limit: badDocuments,
            while: { sequences.count + waiting.count < limit },
            onRemark: onRemark
        ) { document, path in
            if !document.images.isEmpty, image == nil {
                throw ModelError.noImageTokenizer(need: "\(path), which has images,")
            }
            waiting.append(document)
            if waiting.reduce(0, { $0 + $1.images.count }) >= Self.imagesAtOnce
                || waiting.count >= 4 * Self.imagesAtOnce
            {
                try encodeWaiting()
            }
        }
        try encodeWaiting()
        return (sequences, badCount)
    }
}
