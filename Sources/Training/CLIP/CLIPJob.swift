package import Basics
internal import Checkpoints
internal import Documents
internal import Foundation
internal import Layers
internal import Tensors
internal import Vision
internal import Vocabulary

/// A recipe for a CLIP model with its pairs read: ready to run.
package final class CLIPJob {
    private let recipe: CLIPRecipe
    private let jamVersion: String
    private let training: CLIPTraining
    private let heldOut: [CaptionedImage]
    private let onProgress: ProgressHandler

    /// Opens or makes the model and reads the pairs.
    ///
    /// - Throws: what is wrong with any of them, before anything is written.
    package init(
        _ recipe: CLIPRecipe,
        jamVersion: String,
        onProgress: @escaping ProgressHandler = { _ in }
    ) throws {
        self.recipe = recipe
        self.jamVersion = jamVersion
        self.onProgress = onProgress
        let clip = try Self.model(recipe)
        let pairs = try Self.pairs(recipe, clip, onProgress)
        guard pairs.count >= recipe.heldOutCount + recipe.options.batchSize else {
            throw DataError.tooFewPairs(
                source: recipe.shards.joined(separator: ", "),
                found: pairs.count,
                expected: recipe.heldOutCount + recipe.options.batchSize
            )
        }
        heldOut = Array(pairs.suffix(recipe.heldOutCount))
        training = try CLIPTraining(
            clip,
            recipe.options,
            on: pairs.dropLast(recipe.heldOutCount)
        )
    }

    private static func model(_ recipe: CLIPRecipe) throws -> CLIPFolder {
        switch recipe.start {
        case .folder(let path): return try CLIPFolder(opening: CheckpointFolder(path))
        case .fresh(let sizes, let path):
            let tokenizer = try Tokenizer(contentsOf: URL(filePath: path)).endingTexts(with: .end)
            let config = CLIPConfig(
                text: sizes.text,
                vocabularySize: tokenizer.space.count,
                contextLength: sizes.contextLength,
                endToken: tokenizer.space[.end],
                vision: sizes.vision,
                imageSize: sizes.imageSize,
                patchSize: sizes.patchSize,
                projectionSize: sizes.projectionSize
            )
            let source = InitializationSource(seed: recipe.options.seed)
            let (model, store) = try ParameterStore.build(from: source) { try CLIP(config, $0) }
            let preprocessing = CLIPPreprocessing(side: sizes.imageSize)
            return try CLIPFolder(model, store, tokenizer, preprocessing)
        }
    }

    private static func pairs(
        _ recipe: CLIPRecipe,
        _ clip: CLIPFolder,
        _ onProgress: @escaping ProgressHandler
    ) throws -> [CaptionedImage] {
        var pairs: [CaptionedImage] = []
        let progress = Basics.Progress(
            "reading",
            total: recipe.limit == .max ? nil : recipe.limit,
            unit: "images",
            to: onProgress
        )
        for path in recipe.shards where pairs.count < recipe.limit {
            let documents = try DocumentShard(contentsOf: URL(filePath: path)).documents()
            while pairs.count < recipe.limit, let document = try documents.next() {
                for (text, image) in document.captionedImages
                    .prefix(recipe.limit - pairs.count)
                {
                    pairs.append(clip.pair(text, image))
                }
                progress.advance(to: pairs.count)
            }
        }
        progress.finish(at: pairs.count)
        return pairs
    }

    /// Trains to the end and writes the finished model.
    ///
    /// - Parameters:
    ///   - resumes: whether to go on from the newest saved step.
    ///   - isStopWanted: asked after each step.
    /// - Returns: the folder of the finished model.
    /// - Throws: ``TrainingError`` for an interruption or a folder in use, and `FileError`.
    package func run(
        resumes: Bool,
        isStopWanted: () -> Bool = { false }
    ) throws -> String {
        let run = TrainingRun(
            training,
            in: try RunFolder(recipe.output),
            recipe.run,
            recipe: (identity: recipe.json.identity, json: recipe.json),
            try ModelFiles(config: training.clip.model.config.json, jamVersion: jamVersion),
            evaluation: heldOut.isEmpty ? nil : evaluate
        )
        try run.train(
            resumes: resumes,
            onProgress: onProgress,
            isStopWanted: isStopWanted
        )
        let path = recipe.output + "/model"
        try training.clip.save(to: path, as: recipe.storage)
        return path
    }

    private func evaluate() throws -> StepLog {
        let (texts, images) = try training.clip.accuracies(on: heldOut)
        return StepLog(
            members: [
                ("held_out_images_of_texts", .finite(images)),
                ("held_out_texts_of_images", .finite(texts)),
            ],
            note: "held out: the image of a text \(images.percent(decimals: 1)), "
                + "the text of an image \(texts.percent(decimals: 1))"
        )
    }
}

extension Document {
    /// Each image with the nearest text before it, or else the first after it; those of documents
    /// without text are left out.
    fileprivate var captionedImages: [(text: String, image: Image)] {
        var text = texts.first { !$0.isBlank }
        var pairs: [(String, Image)] = []
        for segment in segments {
            switch segment.content {
            case .text(let next): if !next.isBlank { text = next }
            case .image(let image): if let text { pairs.append((text, image)) }
            }
        }
        return pairs
    }
}

extension CLIPFolder {
    /// How many pairs are measured at a time.
    private static var pairsAtOnce: Int { 64 }

    /// How often, among all pairs, the nearest text of an image is its own, and the nearest image
    /// of a text; texts that are alike count as one.
    func accuracies(on pairs: [CaptionedImage]) throws -> (texts: Double, images: Double) {
        try withTorchErrors {
            try withoutGradients {
                let texts = pairs.inChunks(of: Self.pairsAtOnce) {
                    [model.embeddings(ofTexts: $0.map(\.tokens))]
                }
                let images = pairs.inChunks(of: Self.pairsAtOnce) {
                    [model.embeddings(ofPixels: preprocessing(cropped: $0.map(\.image)))]
                }
                let similarities = model.similarities(
                    of: .concatenated(texts, along: 0),
                    to: .concatenated(images, along: 0)
                )
                func share(_ dimension: Int) throws -> Double {
                    let nearest = try similarities.argmax(dimension).integers()
                    let right = nearest.enumerated().count {
                        pairs[$0.offset].tokens == pairs[$0.element].tokens
                    }
                    return Double(right) / Double(pairs.count)
                }
                return (texts: try share(0), images: try share(1))
            }
        }
    }
}
