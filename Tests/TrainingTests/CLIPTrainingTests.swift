import Basics
import Checkpoints
import Documents
import Foundation
import JamTesting
import Layers
import Tensors
import Testing
import Training
import Vision
import Vocabulary

/// Trains the small model of `VisionTests/Fixtures/clip/words`.
@Suite struct CLIPTrainingTests {
    private static let words =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "VisionTests/Fixtures/clip/words").path

    private static func clip() throws -> CLIPFolder {
        try CLIPFolder(opening: CheckpointFolder(words))
    }

    private static func training(
        _ clip: CLIPFolder,
        on pairs: [CaptionedImage],
        steps: Int,
        batchSize: Int = 3
    ) throws -> CLIPTraining {
        let options = TrainingOptions(
            schedule: Schedule(
                learningRate: 1e-2,
                warmupSteps: 0,
                stepCount: steps,
                shape: .constant
            ),
            optimizer: OptimizerOptions(weightDecay: 0, clipNorm: 0.5),
            seed: 4
        )
        return try CLIPTraining(clip, on: pairs, batchSize: batchSize, options)
    }

    /// Plain images, each with the name of its colour.
    private static func colours(_ clip: CLIPFolder) -> [CaptionedImage] {
        let names: [(String, UInt32)] = [
            ("red", 0xE02020), ("green", 0x20A040), ("blue", 0x2040E0), ("yellow", 0xF0E020),
            ("black", 0x000000), ("white", 0xFFFFFF), ("grey", 0x808080), ("pink", 0xFF90C0),
        ]
        return names.map { name, colour in
            clip.pair(name, Image(width: 12, height: 12, fill: Color(colour)))
        }
    }

    // Prevents: one direction of the loss only, a scale that does not learn, means over the wrong
    // count.
    @Test("Five steps are those of transformers and PyTorch")
    func fiveSteps() throws {
        let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/clip.json")
        let golden = try JSONReader(
            JSON(parsing: Data(contentsOf: fixtures)),
            source: "clip.json"
        )
        func numbers(_ key: String) throws -> [Double] {
            try golden.array(key).compactMap {
                if case .number(let number) = $0 { number } else { nil }
            }
        }
        let clip = try Self.clip()
        let file = try SafetensorsFile(Self.words + "/images.safetensors")
        let pairs = try golden.array("captions").enumerated().map { index, caption in
            guard case .string(let text) = caption else { throw CancellationError() }
            let shape = try #require(file.entry("\(index)")).shape
            let pixels = try file.withBytes(of: "\(index)") { Array($0) }
            return clip.pair(text, Image(width: shape[1], height: shape[0], pixels: pixels))
        }
        let training = try Self.training(clip, on: pairs, steps: 5)
        for (loss, scale) in zip(try numbers("losses"), try numbers("scales")) {
            let metrics = try training.step()
            #expect(abs(try #require(metrics["loss"]) - loss) < 1e-4, "step \(metrics.step)")
            #expect(
                abs(try #require(metrics["logit_scale"]) - scale) < 1e-3,
                "step \(metrics.step)"
            )
        }
        #expect(training.isDone)
    }

    // Prevents: a run that one bad batch ends, and weights that become NaN.
    @Test("Steps with non-finite gradients change nothing; the third in a row ends the run")
    func skipsBadSteps() throws {
        let clip = try Self.clip()
        let training = try Self.training(clip, on: Self.colours(clip), steps: 9)
        let scale = try clip.model.logitScale.item()
        let before = try training.modelTensors.map { try $0.tensor.floats() }
        clip.model.logitScale.copy(from: Tensor.full([], .nan))
        #expect(try training.step().isSkipped)
        clip.model.logitScale.copy(from: Tensor.full([], scale))
        #expect(try training.modelTensors.map { try $0.tensor.floats() } == before)
        #expect(try !training.step().isSkipped)
        clip.model.logitScale.copy(from: Tensor.full([], .nan))
        _ = try training.step()
        _ = try training.step()
        #expect(throws: TrainingError.diverged(step: 5, count: 3)) { try training.step() }
    }

    // Prevents: a folder that cannot be opened again, or embeds otherwise than what was trained.
    @Test("Learns colours, and is the same after it was written and opened")
    func learnsAndIsWritten() throws {
        let scratch = try ScratchFolder()
        let clip = try Self.clip()
        let pairs = Self.colours(clip)
        let training = try Self.training(clip, on: pairs, steps: 60, batchSize: 8)
        let first = try training.step()
        var last = first
        while !training.isDone { last = try training.step() }
        #expect(try #require(last["loss"]) < #require(first["loss"]) / 4)
        try clip.save(to: scratch.file("clip"), as: .float32)

        let opened = try CLIPEmbedder(scratch.file("clip"))
        #expect(opened.clip.model.config == clip.model.config)
        #expect(opened.clip.preprocessing == clip.preprocessing)
        let texts = try opened.embeddings(ofTexts: ["red", "blue"])
        let images = try opened.embeddings(ofImages: [pairs[2].image, pairs[0].image])
        func cosine(_ a: [Float], _ b: [Float]) -> Float {
            zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
        }
        #expect(cosine(texts[0], images[1]) > cosine(texts[0], images[0]))
        #expect(cosine(texts[1], images[0]) > cosine(texts[1], images[1]))
        let trained = try withTorchErrors {
            try withoutGradients {
                try clip.model.embeddings(ofTexts: [clip.tokens(of: "red")]).floats()
            }
        }
        #expect(zip(trained, texts[0]).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    // Prevents: a resumed run that goes on with other moments or pairs.
    @Test("Saved in the middle and resumed, a training ends at the same bits")
    func resumes() throws {
        let scratch = try ScratchFolder()
        func training() throws -> CLIPTraining {
            let clip = try Self.clip()
            return try Self.training(clip, on: Self.colours(clip), steps: 8)
        }
        let whole = try training()
        let recipe = RecipeHeader(
            training: TrainingOptions(schedule: whole.steps.schedule),
            output: scratch.file("run")
        )
        let folder = try RunFolder(recipe.output)
        let files = try ModelFiles(config: whole.clip.model.config.json)
        while !whole.isDone {
            if whole.steps.count == 3 { try folder.save(whole, recipe, files) }
            try whole.step()
        }
        let resumed = try training()
        let step = try folder.restoreNewest(into: resumed, recipe: recipe) {
            Issue.record("\($0)")
        }
        #expect(step == 3)
        while !resumed.isDone { try resumed.step() }
        for (left, right) in zip(whole.modelTensors, resumed.modelTensors) {
            #expect(left.name == right.name)
            #expect(try left.tensor.bytes() == right.tensor.bytes(), "\(left.name)")
        }
    }

    private static let good = """
        {"model": {"new": {"vector": 8,
            "text": {"layers": 1, "width": 8, "heads": 2, "feed_forward": 16, "context": 8},
            "vision": {"layers": 1, "width": 8, "heads": 2, "feed_forward": 16, "image": 16, "patch": 4}
         }},
         "tokenizer": "t", "shards": ["a.tar"], "batch": 4, "output": "runs/a",
         "schedule": {"learning_rate": 1e-3, "steps": 10}}
        """

    @Test(
        "Names the key",
        arguments: [
            ("model.new.vision.patch=5", "patch: 5 pixels do not divide the image's 16"),
            ("model.new.text.heads=3", "heads: 3 heads do not divide the width 8"),
            ("batch=1", "batch: 1 is too small; the least is 2"),
            ("step=3", "step: is not known"),
            ("model.from=x", "a model is either new or from a folder"),
        ]
    )
    func namesTheKey(override: String, problem: String) throws {
        let scratch = try ScratchFolder()
        let path = try scratch.write("recipe.yaml", Array(Self.good.utf8))
        _ = try CLIPRecipe(contentsOf: path)
        let error = #expect(throws: JSONFieldError.self) {
            try CLIPRecipe(contentsOf: path, overrides: [override])
        }
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }
}
