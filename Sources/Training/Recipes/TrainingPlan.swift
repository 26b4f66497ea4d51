internal import Checkpoints
internal import Decoders
internal import Vocabulary

/// What a run will do, found out without touching a weight: what `--dry-run` prints.
public struct TrainingPlan: Sendable {
    /// Weights that are treated alike.
    public struct Group: Sendable, Equatable {
        /// The number of numbers.
        public let parameterCount: Int
        /// What the rate is multiplied by; zero for frozen weights.
        public let rateFactor: Double
        /// Whether they decay.
        public let decays: Bool
    }

    /// The documents of one source.
    public struct Source: Sendable, Equatable {
        /// The name.
        public let name: String
        /// The number of documents.
        public let documentCount: Int
        /// The number of tokens of all documents, once.
        public let tokenCount: Int
        /// The share of this source among all examples.
        public let share: Double
        /// How often each document comes in the whole run, on average.
        public let epochs: Double
    }

    /// The weights.
    public let groups: [Group]
    /// The documents.
    public let sources: [Source]
    /// What the run is told.
    public let options: TrainingOptions
    /// The number of passes of an average step.
    public let passesPerStep: Double
    /// The share of padding in the passes.
    public let paddingShare: Double
    /// The share of examples that are longer than the context and lose their end.
    public let cutShare: Double
    /// The share of each modality among the tokens whose prediction counts.
    public let targetShares: [LossReport.Modality: Double]
    /// The first example, and the name of its source.
    public let first: (example: TrainingExample, source: String)

    /// Plans a run; the first steps are put together as the run would, to measure them.
    public init(_ recipe: Recipe, on data: RecipeData) throws {
        let space = data.tokenizer.space
        let specs = try recipe.modelConfig(vocabulary: space.count).declaration()
        groups = try recipe.training.optimizer.groups(of: specs).map { group in
            Group(
                parameterCount: group.members.reduce(0) { $0 + specs[$1].count },
                rateFactor: group.rateFactor,
                decays: group.decays
            )
        }
        options = recipe.training
        var mixture = try Mixture(data.sources, in: space, seed: recipe.seed)
        let (example, origin) = mixture.peek()
        first = (example, data.sources[origin.source].name)

        let sampled = min(20, options.schedule.stepCount)
        let sizes = options.sizes
        let steps = (0..<sampled).map { _ in
            sizes.nextStep(from: &mixture, padding: space.markers[.padding] ?? space[.end])
        }
        let exampleCount = Double(steps.reduce(0) { $0 + $1.origins.count })
        passesPerStep = Double(steps.reduce(0) { $0 + $1.batches.count }) / Double(sampled)
        paddingShare = steps.reduce(0) { $0 + $1.paddingShare } / Double(sampled)
        cutShare = Double(steps.reduce(0) { $0 + $1.cutCount }) / exampleCount
        var targets: [LossReport.Modality: Double] = [:]
        for target in steps.lazy.flatMap(\.batches).flatMap(\.targets) {
            targets[space.modality(of: target), default: 0] += 1
        }
        let targetCount = targets.values.reduce(0, +)
        targetShares = targets.mapValues { $0 / targetCount }

        let exampleTotal =
            exampleCount * Double(options.schedule.stepCount) / Double(sampled)
        let weightSum = data.sources.reduce(0) { $0 + $1.weight }
        sources = data.sources.map { source in
            let share = source.weight / weightSum
            return Source(
                name: source.name,
                documentCount: source.sequences.count,
                tokenCount: source.sequences.reduce(0) { $0 + $1.tokens.count },
                share: share,
                epochs: share * exampleTotal / Double(source.sequences.count)
            )
        }
    }
}
