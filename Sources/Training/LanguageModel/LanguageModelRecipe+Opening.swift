internal import Basics
internal import Checkpoints
internal import Decoders
internal import Documents
internal import Foundation
internal import Layers
internal import Models
internal import Tensors
internal import Vision
internal import Vocabulary

extension LanguageModelRecipe {
    package func open(
        onEvent: @escaping TrainingEventHandler = { _ in }
    ) throws -> ResumableRun {
        let stored = try Tokenizer(contentsOf: URL(filePath: tokenizer))
        let initial = try initialModel(stored)
        let tokenizer = stored.limited(to: initial.config.vocabularySize)
        for warning in initial.warnings + tokenizer.warnings {
            onEvent(.warning("warning: \(warning)"))
        }
        if mixedPrecision == .bfloat16, !Engine.multipliesBFloat16 {
            onEvent(
                .warning(
                    "warning: this processor has no instructions for bfloat16 numbers; mixed "
                        + "precision is slower than float32 here"
                )
            )
        }
        let images = imageTokenizer ?? initial.imageTokenizer
        let documents = try DocumentTokenizer(
            tokenizer,
            images.map { try openImageTokenizer($0) },
            templates: ChatTemplates(ofTokenizer: URL(filePath: self.tokenizer)),
            frame: ImageFrame(ofTokenizer: URL(filePath: self.tokenizer))
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
            addedRows: initial.config.addedRows,
            mixedPrecision: mixedPrecision == .bfloat16,
            header.training
        )
        let bases = try initial.folder.map { folder in
            try SavedBases(
                of: folder,
                frozenShare: training.optimizer.frozenShare,
                seenFrom: header.modelFolder
            )
        }
        let files = try ModelFiles(
            config: .object(initial.config.json),
            tokenizer: self.tokenizer,
            images: images,
            bases: bases ?? SavedBases()
        )
        return ResumableRun(
            training,
            header,
            files,
            plan: plan(training, heldOutCount: heldOut.count, tokenizer, initial.transplant),
            badDocumentCount: data.badCount,
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
                var origin = header.json
                if data.badCount > 0 { origin["bad_documents"] = .integer(data.badCount) }
                try files.write(weights, as: dtype, origin: origin, to: path)
            }
        )
    }

    /// A model with all of its folder that a training needs.
    private struct Initial {
        let config: DecoderConfig
        let model: any LanguageModel
        let store: ParameterStore
        /// Where it was read from; `nil` for a new model.
        var folder: CheckpointFolder?
        var auxiliaryWeights: [Parameter] = []
        var imageTokenizer: String?
        var warnings: [String] = []
        /// Where the rows for another vocabulary are from.
        var transplant: TokenUnion.Side?
    }

    private func initialModel(_ tokenizer: Tokenizer) throws -> Initial {
        switch model {
        case .folder(let path) where transplantsVocabulary:
            let opened = try DecoderFolder(path)
            guard case .tower(var config) = opened.config else {
                throw DataError.transplant(path: path)
            }
            let source = try TransplantSource(opened.folder, config, to: tokenizer)
            config.vocabularySize = tokenizer.space.count
            let (model, store) = try ParameterStore.build(from: source) { try Decoder(config, $0) }
            try store.parameters.requireFinite(in: path)
            return Initial(
                config: .tower(config),
                model: model,
                store: store,
                imageTokenizer: opened.folder.imageTokenizer,
                warnings: opened.folder.warnings,
                transplant: source.side
            )
        case .folder(let path):
            let loaded = try ModelFolder(path)
            try loaded.store.parameters.requireFinite(in: path)
            let rows = loaded.config.vocabularySize
            let space = tokenizer.limited(to: rows).space
            try loaded.folder.checkRows(rows, forTokens: space.count)
            return Initial(
                config: loaded.config,
                model: loaded.model,
                store: loaded.store,
                folder: loaded.folder,
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

    private func plan(
        _ training: LanguageModelTraining,
        heldOutCount: Int,
        _ tokenizer: Tokenizer,
        _ transplant: TokenUnion.Side?
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
        if let transplant {
            plan.lines.append(
                "  rows for the new vocabulary: \(transplant.count(of: .matched)) the model's own, "
                    + "\(transplant.count(of: .pieces)) means of pieces, "
                    + "\(transplant.count(of: .absent)) like its end of text"
            )
        }
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
