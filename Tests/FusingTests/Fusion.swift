import Checkpoints
import Decoders
import Fusing
import JamTesting

/// Two parents, and their fusion in a scratch folder.
struct Fusion {
    let scratch: ScratchFolder
    let parents: Parents
    private let vocabulary: VocabularyRule

    init(
        _ scratch: ScratchFolder,
        text: String,
        image: String,
        vocabulary: VocabularyRule = .same
    ) throws {
        self.scratch = scratch
        self.vocabulary = vocabulary
        parents = try Parents(text: text, image: image, vocabulary: vocabulary)
    }

    /// The two parents of the fixtures.
    static func ofFixtures() throws -> Fusion {
        let scratch = try ScratchFolder()
        return try Fusion(
            scratch,
            text: TinyParent.golden("text", in: scratch),
            image: TinyParent.golden("image", in: scratch)
        )
    }

    /// Parents whose vocabularies differ: Llama 3's and Chameleon's kind of tokenizer, made small.
    ///
    /// Of the 712 rows of the text parent 6 are unused; the image parent has 840.
    static func union(
        _ text: TowerConfig,
        _ image: TowerConfig,
        textFormat: FloatFormat = .float32
    ) throws -> Fusion {
        let scratch = try ScratchFolder()
        return try Fusion(
            scratch,
            text: TinyParent.write(
                "text",
                text,
                seed: 1,
                as: textFormat,
                tokenizer: TinyParent.tokenizer("llama3"),
                drawingAll: true,
                in: scratch
            ),
            image: TinyParent.write(
                "image",
                image,
                seed: 2,
                tokenizer: TinyParent.tokenizer("chameleon"),
                drawingAll: true,
                in: scratch
            ),
            vocabulary: .union
        )
    }

    func plan(_ recipe: FusionRecipe) throws -> FusionPlan {
        var recipe = recipe
        recipe.vocabulary = vocabulary
        return try FusionPlan(
            recipe,
            text: parents.text.folder.path,
            image: parents.image.folder.path
        )
    }

    func plan(_ method: FusionMethod) throws -> FusionPlan { try plan(FusionRecipe(method)) }

    /// Fuses and returns the path of the new folder.
    @discardableResult
    func run(_ recipe: FusionRecipe, to name: String = "fused") throws -> String {
        let output = scratch.file(name)
        try plan(recipe).run(to: output)
        return output
    }
}
