package import Basics
import Checkpoints
import Decoders
import Documents
import Foundation
import Fusing
import Training
import Vocabulary

/// Trains all models of the picture dictionary, from the sources to the tuned model.
///
/// The steps run in order. A step whose result exists is skipped, and an interrupted training
/// resumes, so the same call continues from any point.
package struct DictionaryTraining: Sendable {
    enum Step: String, CaseIterable {
        /// The shards.
        case data
        /// The text tokenizer, with tokens for the image codes.
        case tokenizer
        case imageTokenizer = "image-tokenizer"
        /// The text parent.
        case text
        /// The image parent, trained on captions that stand alone.
        case captions
        /// The image parent, trained on captions in sentences, too.
        case image
        /// The parents fused by JAM-Cross.
        case cross
        /// The fused model, trained on both parents' data.
        case joint
        /// The joint model, tuned on conversations.
        case answers
    }

    private let runs: String
    private let recipes: String

    /// `runs` is the folder of all results, `recipes` that of the recipes.
    package init(runs: String, recipes: String) {
        self.runs = runs
        self.recipes = recipes
    }

    func result(of step: Step) -> String {
        switch step {
        case .data, .tokenizer, .cross: "\(runs)/\(step.rawValue)"
        case .imageTokenizer, .text, .captions, .image, .joint, .answers:
            "\(runs)/\(step.rawValue)/model"
        }
    }

    /// Runs all steps without a result; throws `TrainingError.stopped` once a stop is wanted.
    package func run(
        announce: (String) -> Void,
        onProgress: @escaping ProgressHandler,
        isStopWanted: () -> Bool
    ) throws {
        try makeFolder(runs)
        for step in Step.allCases {
            guard !FileManager.default.fileExists(atPath: result(of: step)) else {
                if step == .data { try checkShards() }
                announce("\(step.rawValue): exists (\(result(of: step)))")
                continue
            }
            announce("\(step.rawValue): begins")
            try run(step, onProgress, isStopWanted)
            if isStopWanted() { throw TrainingError.stopped(after: step.rawValue) }
        }
    }

    private func run(
        _ step: Step,
        _ onProgress: @escaping ProgressHandler,
        _ isStopWanted: () -> Bool
    ) throws {
        let recipe = "\(recipes)/\(step.rawValue).yaml"
        switch step {
        case .data:
            let folder = try OutputFolder(at: result(of: .data))
            try DictionaryData().write(into: folder, onProgress: onProgress)
        case .tokenizer: try trainTokenizer()
        case .cross: try fuse()
        case .imageTokenizer, .text, .captions, .image, .joint, .answers:
            let onEvent = TrainingEvent.showing(onProgress)
            try readRecipe(contentsOf: recipe).open(onEvent: onEvent)
                .train(resuming: true, onEvent: onEvent, isStopWanted: isStopWanted)
        }
    }

    private func shard(_ shard: DictionaryData.Shard) -> String {
        "\(result(of: .data))/\(shard.rawValue)"
    }

    /// Data of an earlier version may lack a shard; better to fail before hours of training.
    private func checkShards() throws {
        for path in DictionaryData.Shard.allCases.map(shard)
        where !FileManager.default.fileExists(atPath: path) {
            throw DictionaryError.noShard(path: path)
        }
    }

    private func trainTokenizer() throws {
        let tokenizer = try BPETrainer().train(
            on: ShardsReader([.text, .captions, .conversations].map(shard)) { _ in },
            vocabularySize: 4096,
            imageCodeCount: 1024
        )
        let folder = try OutputFolder(at: result(of: .tokenizer))
        try tokenizer.write(to: URL(filePath: folder.path))
        try folder.commit()
    }

    private func fuse() throws {
        // No parent was trained on roles.
        let start = CrossStart.preserving(untrained: TokenSpace.SpecialToken.system.spelling)
        let method = FusionMethod.cross(every: 2, direction: .both, start: start)
        let plan = try FusionPlan(
            FusionRecipe(method),
            text: result(of: .text),
            image: result(of: .image)
        )
        try plan.run(to: result(of: .cross), verifying: true)
    }
}
