import Basics
import Fusing

/// The fusion of a text model and a model of image tokens into one that reads and writes both.
///
/// ```swift
/// let fusion = try Fusion(.cross(every: 2), text: "models/text", image: "models/image")
/// print(fusion.plan)
/// try await fusion.write(to: "fused")
/// ```
///
/// The methods are those of *Jointly Training Large Autoregressive Multimodal Models* (Aiello et
/// al., ICLR 2024). The result is a Hugging Face folder to train on.
public struct Fusion: Sendable {
    /// What the fusion will make.
    public let plan: Plan

    /// Plans a fusion; of the weights only the headers are read.
    ///
    /// - Parameters:
    ///   - method: how the weights of the parents are joined.
    ///   - text: the text parent, a Hugging Face folder.
    ///   - image: the image parent, a Hugging Face folder.
    ///   - vocabulary: how the vocabularies of the parents become one.
    ///   - dtype: the type of the fused weights; `nil` means the parents' type where they share
    ///     one, and float32 otherwise.
    ///   - maxShardSize: the largest file of weights in bytes.
    ///   - seed: the seed of the weights that neither parent has.
    ///   - refusingNonFinite: whether a parent with NaN or infinity ends the writing with an error,
    ///     and is not only named by the progress.
    /// - Throws: `JamError` if a parent cannot be read, or they cannot be fused so.
    public init(
        _ method: Method,
        text: String,
        image: String,
        vocabulary: Vocabulary = .same,
        dtype: DataType? = nil,
        maxShardSize: Int = 5_000_000_000,
        seed: UInt64 = 0,
        refusingNonFinite: Bool = false
    ) throws {
        let recipe = FusionRecipe(
            method.recipe,
            vocabulary: vocabulary.rule,
            format: dtype?.format,
            maxShardSize: maxShardSize,
            seed: seed,
            refusingNonFinite: refusingNonFinite
        )
        plan = try withJamErrors { Plan(try FusionPlan(recipe, text: text, image: image)) }
    }

    /// Writes the fused folder, and reports how far it is.
    ///
    /// ```swift
    /// for try await progress in fusion.run(to: "fused", verifying: true) {
    ///     print(progress.byteCount, "of", progress.total, "bytes")
    /// }
    /// ```
    ///
    /// The work begins with the iteration and runs on a thread of its own. It stops when the task
    /// is cancelled or the iteration is left; the folder appears only when it is complete.
    ///
    /// - Parameters:
    ///   - output: the folder to make; it must not exist or be empty, and its parent folder must
    ///     exist.
    ///   - verifying: whether all weights are read back from the disk and compared with weights
    ///     made a second time, and the digests of the parents' weights noted in the manifest.
    /// - Returns: the progress; its iteration throws `JamError`.
    public func run(to output: String, verifying: Bool = false) -> Run {
        Run(plan: plan.plan, output: output, verifying: verifying)
    }

    /// Writes the fused folder, and returns when it is complete; see ``run(to:verifying:)``.
    public func write(to output: String, verifying: Bool = false) async throws {
        for try await _ in run(to: output, verifying: verifying) {}
    }
}
