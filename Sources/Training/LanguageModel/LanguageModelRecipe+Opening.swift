internal import Basics
internal import Checkpoints
internal import Decoders
internal import Documents
internal import Foundation
internal import Layers
internal import Models
internal import Vision
internal import Vocabulary

extension LanguageModelRecipe {
    package func open(
        jamVersion: String,
        onEvent: @escaping TrainingEventHandler = { _ in }
    ) throws -> ResumableRun {
        let tokenizer = try Tokenizer(contentsOf: URL(filePath: tokenizer))
        let initial = try initialModel(tokenizer)
        for warning in initial.warnings { onEvent(.warning("warning: \(warning)")) }
        let images = imageTokenizer ?? initial.imageTokenizer
        let documents = try DocumentTokenizer(
            tokenizer,
            images.map { try openImageTokenizer($0) }
        )
        let data = try read(
            documents,
            contextLength: initial.config.contextLength,
            onEvent
        )
        let space = tokenizer.space
        let heldOut = data.heldOut.flatMap { source in
            source.sequences.indices.map { index in
                var random = SeededGenerator(seed: header.training.seed, .max, UInt64(index))
                return source.example(of: index, in: space, using: &random)
            }
        }
        let training = try LanguageModelTraining(
            initial.model,
            initial.store.parameters,
            Batcher(
                try Mixture(data.sources, in: space, seed: header.training.seed),
                BatchSizes(
                    tokensPerStep: tokensPerStep,
                    microBatchTokens: microBatchTokens,
                    contextLength: initial.config.contextLength
                )
            ),
            in: space,
            header.training
        )
        let files = try ModelFiles(
            config: .object(initial.config.json),
            tokenizer: self.tokenizer,
            images: images,
            jamVersion: jamVersion
        )
        return ResumableRun(
            training,
            header,
            files,
            plan: plan(training, heldOutCount: heldOut.count, tokenizer),
            evaluation: heldOut.isEmpty
                ? nil
                : {
                    let report = try training.loss(of: heldOut)
                    return StepLog(
                        step: training.steps.count,
                        report.values(prefix: "eval_"),
                        summary: report.summary
                    )
                },
            writeModel: { [dtype, header] path in
                let weights = initial.store.parameters + initial.auxiliaryWeights
                try files.write(weights, as: dtype, origin: header.json, to: path)
            }
        )
    }

    /// A model with all of its folder that a training needs.
    private struct Initial {
        let config: DecoderConfig
        let model: any LanguageModel
        let store: ParameterStore
        var auxiliaryWeights: [Parameter] = []
        var imageTokenizer: String?
        var warnings: [String] = []
    }

    private func initialModel(_ tokenizer: Tokenizer) throws -> Initial {
        switch model {
        case .folder(let path):
            let loaded = try ModelFolder(path)
            let rows = loaded.config.vocabularySize
            try loaded.folder.checkRows(rows, forTokens: tokenizer.space.count)
            return Initial(
                config: loaded.config,
                model: loaded.model,
                store: loaded.store,
                auxiliaryWeights: try loaded.auxiliaryWeights(),
                imageTokenizer: loaded.folder.imageTokenizer,
                warnings: loaded.folder.warnings
            )
        case .new(var config):
            config.vocabularySize = tokenizer.space.count
            let source = InitializationSource(seed: header.training.seed)
            let (model, store) = try ParameterStore.build(from: source) { try Decoder(config, $0) }
            return Initial(config: .tower(config), model: model, store: store)
        }
    }

    private func read(
        _ tokenizer: DocumentTokenizer,
        contextLength: Int,
        _ onEvent: TrainingEventHandler
    ) throws -> (sources: [ExampleSource], heldOut: [ExampleSource]) {
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
            var sequences = try tokenizer.sequences(of: source.shards, limit: source.limit) {
                try retrieval?.add($0)
                readCount += $0.count
                report(readCount)
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
            guard sequences.count > header.heldOutCount else {
                throw DataError.tooFew(
                    source: source.name,
                    found: sequences.count,
                    heldOut: header.heldOutCount
                )
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
                sequences = sequences.map { $0.prefix(limit) }
            }
            let retrieved = try retrieval?.documents(tokenizer, length: contextLength + 1)
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
        return (sources, heldOut)
    }

    private func plan(
        _ training: LanguageModelTraining,
        heldOutCount: Int,
        _ tokenizer: Tokenizer
    ) -> TrainingPlan {
        var batcher = training.batcher
        var mixture = batcher.mixture
        let first = mixture.peek().example
        let data = batcher.nextStep(padding: training.padding)
        let weights = mixture.sources.reduce(0) { $0 + $1.weight }
        var plan = TrainingPlan(
            "\(header.training.schedule.stepCount) steps of \(tokensPerStep) tokens in "
                + "\(data.batches.count) micro-batches; \(data.paddingShare.percent()) padding; "
                + "\(heldOutCount) documents held out",
            training.optimizer
        )
        plan.lines += mixture.sources.map {
            "  \($0.name): \(($0.weight / weights).percent()) of the examples, from "
                + "\($0.sequences.count) documents, \($0.objective.name)"
        }
        plan.lines.append("the first example, token by token, with its loss weight:")
        plan.lines += zip(first.tokens, first.weights).map { token, weight in
            "  \(weight == 0 ? "·" : "\(weight)")\t\(token)\t\(tokenizer.spelling(token))"
        }
        return plan
    }
}

extension DocumentTokenizer {
    private static let imagesAtOnce = 64

    /// Encodes up to `limit` documents of shards, and calls `visit` with some at a time.
    ///
    /// - Throws: what is wrong with a shard, `ModelError` for an image without an image tokenizer,
    ///   and what `visit` throws.
    fileprivate func sequences(
        of shards: [String],
        limit: Int,
        visit: ([Document]) throws -> Void
    ) throws -> [TokenSequence] {
        var sequences: [TokenSequence] = []
        var waiting: [Document] = []
        func encodeWaiting() throws {
            sequences += try encode(waiting)
            try visit(waiting)
            waiting = []
        }
        try readDocuments(
            of: shards,
            while: { sequences.count + waiting.count < limit }
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
        return sequences
    }
}

extension Tokenizer {
    /// A token as `"cat"`, `image code 7` or `<break>`.
    fileprivate func spelling(_ token: TokenID) -> String {
        switch space.kind(of: token) {
        case .text: "\"\(decode([token]))\""
        case .image(let code): "image code \(code)"
        case .specialToken(let specialToken): specialToken.spelling
        case .unused: "unused"
        }
    }
}
