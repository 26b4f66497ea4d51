package import Basics
import Checkpoints
import Decoders
import Documents
import Foundation
import Fusing
import Training
import Vocabulary

/// Makes everything that the picture dictionary ships, from the sources to the tuned model.
///
/// The steps are those of ``Step``, in order. A step whose result is there is passed over, and a
/// training that was interrupted goes on where it was saved, so the same call goes on anywhere.
package struct DictionaryTraining: Sendable {
    /// What is made, one after the other.
    package enum Step: String, CaseIterable, Sendable {
        /// The shards.
        case data
        /// The text tokenizer, with room for the image codes.
        case tokenizer
        /// The image tokenizer.
        case imageTokenizer = "image-tokenizer"
        /// The text parent.
        case text
        /// The image parent, once it draws by captions that stand alone.
        case captions
        /// The image parent.
        case image
        /// Both parents joined by JAM-Cross.
        case cross
        /// The joined model after training on both kinds of data.
        case joint
        /// The model that answers: after tuning on conversations.
        case answers
    }

    /// The folder of all runs.
    package var runs: String
    /// The folder of the recipes.
    package var recipes: String
    /// Noted in manifests.
    package var jamVersion: String

    /// The number of text tokens; the special tokens and image codes come on top.
    package static let textTokenCount = 4096
    /// The number of image codes.
    package static let imageCodeCount = 1024

    /// Sets the folders.
    package init(runs: String, recipes: String, jamVersion: String) {
        self.runs = runs
        self.recipes = recipes
        self.jamVersion = jamVersion
    }

    /// The result of a step.
    package func result(of step: Step) -> String {
        switch step {
        case .data, .tokenizer, .cross: "\(runs)/\(step.rawValue)"
        case .imageTokenizer, .text, .captions, .image, .joint, .answers:
            "\(runs)/\(step.rawValue)/model"
        }
    }

    /// Takes all steps whose results are not there yet.
    ///
    /// - Parameters:
    ///   - announce: told what begins.
    ///   - onProgress: takes the progress of each step.
    ///   - isStopWanted: asked after each step of a training and between the steps.
    /// - Throws: what is wrong with a recipe or its data, and the interruption of a training.
    package func run(
        announce: (String) -> Void,
        onProgress: @escaping ProgressHandler,
        isStopWanted: () -> Bool
    ) throws {
        try makeFolder(runs)
        for step in Step.allCases {
            guard !FileManager.default.fileExists(atPath: result(of: step)) else {
                if step == .data { try checkShards() }
                announce("\(step.rawValue): is there (\(result(of: step)))")
                continue
            }
            announce("\(step.rawValue): begins")
            try take(step, onProgress, isStopWanted)
            if isStopWanted() {
                throw TrainingError.stopped(after: step.rawValue)
            }
        }
    }

    private func take(
        _ step: Step,
        _ onProgress: @escaping ProgressHandler,
        _ isStopWanted: () -> Bool
    ) throws {
        switch step {
        case .data: try buildData(onProgress)
        case .tokenizer: try trainTokenizer()
        case .cross: try fuse()
        case .imageTokenizer:
            let recipe = try ImageTokenizerRecipe(contentsOf: recipe(step))
            _ = try ImageTokenizerJob(recipe, jamVersion: jamVersion, onProgress: onProgress)
                .run(resumes: true, isStopWanted: isStopWanted)
        case .text, .captions, .image, .joint, .answers:
            let recipe = try Recipe(contentsOf: recipe(step))
            _ = try TrainingJob(recipe, jamVersion: jamVersion, onProgress: onProgress)
                .run(resumes: true, isStopWanted: isStopWanted)
        }
    }

    private func recipe(_ step: Step) -> String { "\(recipes)/\(step.rawValue).yaml" }

    /// Refuses data of an earlier version, which lack a shard, before hours of training.
    private func checkShards() throws {
        for shard in DictionaryData.Shard.allCases {
            let path = "\(result(of: .data))/\(shard.rawValue)"
            guard FileManager.default.fileExists(atPath: path) else {
                throw DictionaryError.noShard(path: path)
            }
        }
    }

    private func buildData(_ onProgress: @escaping ProgressHandler) throws {
        let folder = try OutputFolder(at: result(of: .data))
        let data = try DictionaryBuilder().build()
        let progress = Basics.Progress(
            "writing",
            total: data.documentCount,
            unit: "documents",
            to: onProgress
        )
        try data.write(into: folder) { progress.advance(to: $0) }
        progress.finish(at: data.documentCount)
    }

    private func trainTokenizer() throws {
        let shards = [DictionaryData.Shard.text, .captions, .conversations]
        let tokenizer = try BPETrainer().train(
            onShards: shards.map { "\(result(of: .data))/\($0.rawValue)" },
            vocabularySize: Self.textTokenCount,
            imageCodeCount: Self.imageCodeCount
        )
        let folder = try OutputFolder(at: result(of: .tokenizer))
        try tokenizer.write(to: URL(filePath: folder.path))
        try folder.commit()
    }

    private func fuse() throws {
        // No parent has met a role.
        let start = CrossStart.preserving(untrained: TokenSpace.SpecialToken.system.spelling)
        let method = FusionMethod.cross(every: 2, direction: .both, start: start)
        let plan = try FusionPlan(
            FusionRecipe(method),
            text: result(of: .text),
            image: result(of: .image)
        )
        try plan.run(to: result(of: .cross), verifying: true, jamVersion: jamVersion)
    }
}
