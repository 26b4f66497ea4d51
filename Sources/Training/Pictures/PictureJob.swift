public import Basics
import Documents
import Foundation
import Layers
import Vision

/// A recipe for an image tokenizer with its pictures read: ready to run.
public final class PictureJob {
    private let recipe: PictureRecipe
    private let jamVersion: String
    private let training: PictureTraining
    private let heldOut: [Picture]
    private let style: Basics.Progress.Style

    /// Reads the pictures and makes the network.
    public init(
        _ recipe: PictureRecipe,
        jamVersion: String,
        style: Basics.Progress.Style = .detected()
    ) throws {
        self.recipe = recipe
        self.jamVersion = jamVersion
        self.style = style
        var pictures: [Picture] = []
        let progress = Basics.Progress(
            "reading",
            total: recipe.limit == .max ? nil : recipe.limit,
            unit: "pictures",
            style: style
        )
        for path in recipe.shards where pictures.count < recipe.limit {
            let documents = try DocumentShard(contentsOf: URL(filePath: path)).documents()
            while pictures.count < recipe.limit, let document = try documents.next() {
                pictures += document.pictures.prefix(recipe.limit - pictures.count)
                progress.advance(to: pictures.count)
            }
        }
        progress.finish(at: pictures.count)
        guard pictures.count > recipe.heldOutCount else {
            throw DataError.tooFew(
                source: recipe.shards.joined(separator: ", "),
                found: pictures.count,
                heldOut: recipe.heldOutCount
            )
        }
        heldOut = Array(pictures.suffix(recipe.heldOutCount))
        training = try PictureTraining(
            recipe.config,
            recipe.options,
            on: pictures.dropLast(recipe.heldOutCount)
        )
    }

    /// Trains to the end and writes the finished image tokenizer.
    ///
    /// - Parameter resumes: whether to go on from the newest saved step.
    /// - Returns: the folder of the finished tokenizer.
    /// - Throws: ``TrainingError`` for an interruption or a folder in use, and `FileError`.
    public func run(resumes: Bool) throws -> String {
        let config = recipe.config
        let run = TrainingRun(
            training,
            in: try RunFolder(recipe.output),
            recipe.run,
            recipe: (identity: recipe.json.identity, json: recipe.json),
            try ModelFiles(config: config.json, jamVersion: jamVersion),
            evaluation: heldOut.isEmpty ? nil : evaluate
        )
        StopSignals.listen()
        try run.train(resumes: resumes, style: style)
        let path = recipe.output + "/model"
        try training.tokenizer.save(
            to: path,
            training.store,
            as: recipe.storage,
            replacing: true
        )
        return path
    }

    private func evaluate() throws -> StepNews {
        let quality = try training.tokenizer.quality(on: heldOut)
        let decibels = (quality.signalToNoise * 10).rounded() / 10
        return StepNews(
            members: [
                ("held_out_signal_to_noise", .finite(quality.signalToNoise)),
                ("held_out_codes_in_use", .integer(quality.codesInUse)),
                ("held_out_perplexity", .number(quality.perplexity)),
            ],
            note: "held out: \(decibels) dB, \(quality.codesInUse) codes in use"
        )
    }
}
