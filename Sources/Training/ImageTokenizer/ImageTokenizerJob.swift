package import Basics
import Documents
import Foundation
import Layers
import Vision

/// A recipe for an image tokenizer with its images read: ready to run.
package final class ImageTokenizerJob {
    private let recipe: ImageTokenizerRecipe
    private let jamVersion: String
    private let training: ImageTokenizerTraining
    private let heldOut: [Image]
    private let onProgress: ProgressHandler

    /// Reads the images and makes the network.
    package init(
        _ recipe: ImageTokenizerRecipe,
        jamVersion: String,
        onProgress: @escaping ProgressHandler = { _ in }
    ) throws {
        self.recipe = recipe
        self.jamVersion = jamVersion
        self.onProgress = onProgress
        var images: [Image] = []
        let progress = Basics.Progress(
            "reading",
            total: recipe.limit == .max ? nil : recipe.limit,
            unit: "images",
            to: onProgress
        )
        for path in recipe.shards where images.count < recipe.limit {
            let documents = try DocumentShard(contentsOf: URL(filePath: path)).documents()
            while images.count < recipe.limit, let document = try documents.next() {
                images += document.images.prefix(recipe.limit - images.count)
                progress.advance(to: images.count)
            }
        }
        progress.finish(at: images.count)
        guard images.count > recipe.heldOutCount else {
            throw DataError.tooFew(
                source: recipe.shards.joined(separator: ", "),
                found: images.count,
                heldOut: recipe.heldOutCount
            )
        }
        heldOut = Array(images.suffix(recipe.heldOutCount))
        training = try ImageTokenizerTraining(
            recipe.config,
            recipe.options,
            on: images.dropLast(recipe.heldOutCount)
        )
    }

    /// Trains to the end and writes the finished image tokenizer.
    ///
    /// - Parameters:
    ///   - resumes: whether to go on from the newest saved step.
    ///   - isStopWanted: asked after each step.
    /// - Returns: the folder of the finished tokenizer.
    /// - Throws: ``TrainingError`` for an interruption or a folder in use, and `FileError`.
    package func run(
        resumes: Bool,
        isStopWanted: () -> Bool = { false }
    ) throws -> String {
        let config = recipe.config
        let run = TrainingRun(
            training,
            in: try RunFolder(recipe.output),
            recipe.run,
            recipe: (identity: recipe.json.identity, json: recipe.json),
            try ModelFiles(config: config.json, jamVersion: jamVersion),
            evaluation: heldOut.isEmpty ? nil : evaluate
        )
        try run.train(
            resumes: resumes,
            onProgress: onProgress,
            isStopWanted: isStopWanted
        )
        let path = recipe.output + "/model"
        try training.tokenizer.save(
            to: path,
            training.store,
            as: recipe.storage,
            replacing: true
        )
        return path
    }

    private func evaluate() throws -> StepLog {
        let quality = try training.tokenizer.quality(on: heldOut)
        return StepLog(
            members: [
                ("held_out_signal_to_noise", .finite(quality.signalToNoise)),
                ("held_out_codes_in_use", .integer(quality.codesInUse)),
                ("held_out_perplexity", .number(quality.perplexity)),
            ],
            note: "held out: \(quality.signalToNoise.decimals(1)) dB, \(quality.codesInUse) codes in use"
        )
    }
}
