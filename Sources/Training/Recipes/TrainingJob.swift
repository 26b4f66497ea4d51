package import Basics
import Checkpoints
import Decoders
import Foundation
import Layers
import Models
import Tensors
import Vision
import Vocabulary

/// A recipe with everything that it names opened: ready to be shown or run.
package final class TrainingJob {
    /// The recipe.
    package let recipe: Recipe
    /// What is odd in the folder of the model and does no harm, each in one sentence.
    package let warnings: [String]
    let config: DecoderConfig
    let tokenizer: Tokenizer
    let loop: TrainingLoop
    /// What is learned, from its beginning.
    package let mixture: Mixture
    let heldOut: [TrainingExample]
    private let imagesFolder: String?
    private let store: ParameterStore
    private let auxiliaryWeights: [Parameter]
    private let jamVersion: String
    private let onProgress: ProgressHandler

    /// Opens model, tokenizers and data.
    ///
    /// - Parameters:
    ///   - recipe: what to train.
    ///   - jamVersion: noted in manifests.
    ///   - onProgress: takes the progress.
    /// - Throws: what is wrong with any of them, before anything is written.
    package init(_ recipe: Recipe, jamVersion: String, onProgress: @escaping ProgressHandler = { _ in })
        throws
    {
        self.recipe = recipe
        self.jamVersion = jamVersion
        self.onProgress = onProgress
        let tokenizer = try Tokenizer(contentsOf: URL(filePath: recipe.tokenizer))
        let model: any LanguageModel
        var inherited: String?
        switch recipe.start {
        case .folder(let path):
            let loaded = try ModelFolder(path)
            warnings = loaded.folder.warnings
            let rows = loaded.config.vocabularySize
            try loaded.folder.checkRows(rows, forTokens: tokenizer.space.count)
            (config, model, store) = (loaded.config, loaded.model, loaded.store)
            auxiliaryWeights = try loaded.auxiliaryWeights()
            inherited = loaded.folder.imageTokenizer
        case .fresh(var sizes):
            sizes.vocabularySize = tokenizer.space.count
            let source = InitializationSource(seed: recipe.seed)
            let built = try ParameterStore.build(from: source) { try Decoder(sizes, $0) }
            (config, model, store) = (.tower(sizes), built.model, built.store)
            auxiliaryWeights = []
            warnings = []
        }
        imagesFolder = recipe.imageTokenizer ?? inherited
        let documents = try DocumentTokenizer(
            tokenizer,
            imagesFolder.map { try openImageTokenizer($0) }
        )
        self.tokenizer = tokenizer

        let data = try Self.read(
            recipe,
            documents,
            contextLength: config.contextLength,
            onProgress
        )
        mixture = try Mixture(data.sources, in: tokenizer.space, seed: recipe.seed)
        heldOut = data.heldOut.flatMap { source in
            source.sequences.indices.map { index in
                var random = SeededGenerator(seed: recipe.seed, .max, UInt64(index))
                return source.example(of: index, in: tokenizer.space, using: &random)
            }
        }
        loop = try TrainingLoop(
            model,
            store.parameters,
            mixture,
            in: tokenizer.space,
            TrainingOptions(
                schedule: recipe.schedule,
                sizes: BatchSizes(
                    tokensPerStep: recipe.tokensPerStep,
                    microBatchTokens: recipe.microBatchTokens,
                    contextLength: config.contextLength
                ),
                optimizer: recipe.optimizer
            )
        )
    }

    private static func read(
        _ recipe: Recipe,
        _ tokenizer: DocumentTokenizer,
        contextLength: Int,
        _ onProgress: @escaping ProgressHandler
    ) throws -> (sources: [ExampleSource], heldOut: [ExampleSource]) {
        var sources: [ExampleSource] = []
        var heldOut: [ExampleSource] = []
        for source in recipe.sources {
            let progress = Basics.Progress(
                "reading \(source.name)",
                total: source.limit == .max ? nil : source.limit,
                unit: "documents",
                to: onProgress
            )
            var retrieval = try source.retrieval.map { try RetrievalReader($0, seed: recipe.seed) }
            var readCount = 0
            var sequences = try tokenizer.sequences(of: source.shards, limit: source.limit) {
                try retrieval?.add($0)
                readCount += $0.count
                progress.advance(to: readCount)
            }
            progress.finish(at: sequences.count)
            if let retrieval {
                let served = retrieval.servedCount
                guard served > 0 else { throw DataError.nothingNear(source: source.name) }
                if served < sequences.count {
                    progress.say(
                        "\(source.name): \(served) of \(sequences.count) documents have one near "
                            + "them in the bank"
                    )
                }
            }
            guard sequences.count > recipe.heldOutCount else {
                throw DataError.tooFew(
                    source: source.name,
                    found: sequences.count,
                    heldOut: recipe.heldOutCount
                )
            }
            // Cut before the objective moves or masks anything, so that what it learns stays.
            let limit = contextLength + 1 - source.objective.addedTokenCount
            guard limit > 1 else {
                throw DataError.context(source: source.name, length: contextLength)
            }
            let cutCount = sequences.count { $0.tokens.count > limit }
            if cutCount > 0 {
                progress.say("\(source.name): \(cutCount) documents are cut to \(limit) tokens")
                sequences = sequences.map { $0.prefix(limit) }
            }
            let retrieved = try retrieval?.documents(tokenizer, length: contextLength + 1)
            func make(
                _ part: ArraySlice<TokenSequence>,
                behind retrieved: RetrievedDocuments?
            ) -> ExampleSource {
                ExampleSource(
                    source.name,
                    Array(part),
                    objective: source.objective,
                    retrieved: retrieved?[part.indices],
                    weight: source.weight
                )
            }
            sources.append(make(sequences.dropLast(recipe.heldOutCount), behind: retrieved))
            heldOut.append(
                make(sequences.suffix(recipe.heldOutCount), behind: retrieved?.unweighted)
            )
        }
        return (sources, heldOut)
    }

    /// Trains to the end and writes the finished model into `model` of the run's folder.
    ///
    /// - Parameters:
    ///   - resumes: whether to go on from the newest saved step.
    ///   - isStopWanted: asked after each step.
    /// - Returns: the folder of the finished model.
    /// - Throws: what ``TrainingRun/train(resumes:onProgress:isStopWanted:)`` throws.
    package func run(
        resumes: Bool,
        isStopWanted: () -> Bool = { false }
    ) throws -> String {
        let folder = try RunFolder(recipe.output)
        let files = try ModelFiles(
            config: .object(config.json),
            tokenizer: recipe.tokenizer,
            images: imagesFolder,
            jamVersion: jamVersion
        )
        let run = TrainingRun(
            loop,
            in: folder,
            recipe.run,
            recipe: (identity: recipe.json.identity, json: recipe.json),
            files,
            evaluation: heldOut.isEmpty ? nil : evaluate
        )
        try run.train(
            resumes: resumes,
            onProgress: onProgress,
            isStopWanted: isStopWanted
        )
        let path = recipe.output + "/model"
        let weights = store.parameters + auxiliaryWeights
        try files.write(weights, as: recipe.storage, origin: recipe.json, to: path)
        return path
    }

    private func evaluate() throws -> StepLog {
        let report = try loop.loss(of: heldOut)
        return StepLog(
            members: report.members(prefix: "held_out_"),
            note: "held out: \(report.summary)"
        )
    }
}
