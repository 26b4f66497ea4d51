import Fusing
import JamTesting

/// Two parents, and their fusion in a scratch folder.
struct Fusion {
    let scratch: ScratchFolder
    let parents: Parents

    init(
        _ scratch: ScratchFolder,
        text: String,
        image: String,
        vocabulary: VocabularyRule = .same
    ) throws {
        self.scratch = scratch
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

    func plan(_ method: FusionMethod) throws -> FusionPlan {
        try FusionPlan(FusionRecipe(method), of: parents)
    }

    /// Fuses and returns the path of the new folder.
    @discardableResult
    func run(_ recipe: FusionRecipe, to name: String = "fused") throws -> String {
        let plan = try FusionPlan(recipe, of: parents)
        let output = scratch.file(name)
        try FusionExecutor(plan, of: parents, jamVersion: "test").run(to: output)
        return output
    }
}
