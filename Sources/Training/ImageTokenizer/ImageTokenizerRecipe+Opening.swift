internal import Basics
internal import Documents
internal import Layers
internal import Vision

extension ImageTokenizerRecipe {
    package func open(
        onEvent: @escaping TrainingEventHandler = { _ in }
    ) throws -> ResumableRun {
        let (images, badCount) = try readItems(
            of: shards,
            limit: limit,
            badDocuments: header.badDocuments,
            onEvent: onEvent,
            \.images
        )
        guard images.count > header.heldOutCount else {
            throw DataError.tooFew(
                source: shards.joined(separator: ", "),
                found: images.count,
                heldOut: header.heldOutCount
            )
        }
        let heldOut = Array(images.suffix(header.heldOutCount))
        let training = try ImageTokenizerTraining(
            config,
            losses,
            on: images.dropLast(header.heldOutCount),
            batchSize: batchSize,
            header.training
        )
        let evaluate = {
            let quality = try training.tokenizer.quality(on: heldOut)
            return StepLog(
                step: training.steps.count,
                [
                    ("eval_psnr", .finite(quality.signalToNoise)),
                    ("eval_codes_in_use", .integer(quality.codesInUse)),
                    ("eval_codebook_perplexity", .number(quality.perplexity)),
                ],
                summary: "\(quality.signalToNoise.decimals(1)) dB, "
                    + "\(quality.codesInUse) codes in use"
            )
        }
        return ResumableRun(
            training,
            header,
            try ModelFiles(config: config.json),
            plan: TrainingPlan(
                "\(header.training.schedule.stepCount) steps of \(batchSize) images; "
                    + "\(images.count - heldOut.count) images to train on, "
                    + "\(heldOut.count) held out",
                training.optimizer
            ),
            badDocumentCount: badCount,
            evaluation: heldOut.isEmpty ? nil : evaluate,
            writeModel: { [dtype] path in
                try training.tokenizer.save(to: path, training.store, as: dtype, replacing: true)
            }
        )
    }
}
