internal import Basics
internal import Checkpoints
internal import Foundation
internal import Layers
internal import Tensors
internal import Vision
internal import Vocabulary

extension CLIPRecipe {
    package func open(
        onEvent: @escaping TrainingEventHandler = { _ in }
    ) throws -> ResumableRun {
        let clip = try initialModel()
        let (pairs, badCount) = try readItems(
            of: shards,
            limit: limit,
            badDocuments: header.badDocuments,
            onEvent: onEvent
        ) { document in
            document.captionedImages.map { clip.pair($0.text, $0.image) }
        }
        guard pairs.count >= header.heldOutCount + batchSize else {
            throw DataError.tooFewPairs(
                source: shards.joined(separator: ", "),
                found: pairs.count,
                expected: header.heldOutCount + batchSize
            )
        }
        let heldOut = Array(pairs.suffix(header.heldOutCount))
        let training = try CLIPTraining(
            clip,
            on: pairs.dropLast(header.heldOutCount),
            batchSize: batchSize,
            header.training
        )
        let evaluate = {
            let (textToImage, imageToText) = try clip.accuracies(on: heldOut)
            return StepLog(
                step: training.steps.count,
                [
                    ("eval_text_to_image_accuracy", .finite(textToImage)),
                    ("eval_image_to_text_accuracy", .finite(imageToText)),
                ],
                summary: "accuracy text to image \(textToImage.percent(decimals: 1)), "
                    + "image to text \(imageToText.percent(decimals: 1))"
            )
        }
        return ResumableRun(
            training,
            header,
            try ModelFiles(config: clip.model.config.json),
            plan: TrainingPlan(
                "\(header.training.schedule.stepCount) steps of \(batchSize) pairs; "
                    + "\(pairs.count - heldOut.count) pairs to train on, \(heldOut.count) held out",
                training.optimizer
            ),
            badDocumentCount: badCount,
            evaluation: heldOut.isEmpty ? nil : evaluate,
            writeModel: { [dtype] in try clip.save(to: $0, as: dtype) }
        )
    }

    private func initialModel() throws -> CLIPFolder {
        switch model {
        case .folder(let path): return try CLIPFolder(opening: CheckpointFolder(path))
        case .new(let sizes):
            let tokenizer = try Tokenizer(contentsOf: URL(filePath: sizes.tokenizer))
                .endingTexts(with: .end)
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
            let source = InitializationSource(seed: header.training.seed)
            let (model, store) = try ParameterStore.build(from: source) { try CLIP(config, $0) }
            let preprocessing = CLIPPreprocessing(side: sizes.imageSize)
            return try CLIPFolder(model, store, tokenizer, preprocessing)
        }
    }
}
