public import Basics

/// Where a run stands, but for its weights and moments: `state.json` of a saved step.
///
/// Every random choice of a run is a function of its seed and of these counters, so there is no
/// other random state.
public struct RunState: Sendable, Equatable {
    /// The number of steps done.
    public var step: Int
    /// The number of updates of the weights.
    public var updates: Int
    /// The number of steps that were skipped.
    public var skipped: Int
    /// The number of tokens learned from.
    public var tokens: Int
    /// Where the mixture stands.
    public var position: MixturePosition
    /// What identifies the recipe of the run.
    public var recipe: String

    /// Sets all of it.
    public init(
        step: Int,
        updates: Int,
        skipped: Int,
        tokens: Int,
        position: MixturePosition,
        recipe: String
    ) {
        self.step = step
        self.updates = updates
        self.skipped = skipped
        self.tokens = tokens
        self.position = position
        self.recipe = recipe
    }

    /// The state as it stands in the file.
    public var json: JSON {
        [
            "format_version": 1,
            "step": .integer(step),
            "updates": .integer(updates),
            "skipped": .integer(skipped),
            "tokens": .integer(tokens),
            "drawn": .array(position.drawn.map(JSON.integer)),
            "recipe": .string(recipe),
        ]
    }

    /// Reads a state that came from the file `source`.
    public init(_ json: JSON, source: String) throws(JSONFieldError) {
        let reader = try JSONReader(json, source: source)
        let version = try reader.integer("format_version")
        guard version == 1 else {
            throw reader.failure("format_version", "\(version) is not known; 1 is")
        }
        step = try reader.integer("step", atLeast: 0)
        updates = try reader.integer("updates", atLeast: 0)
        skipped = try reader.integer("skipped", atLeast: 0)
        tokens = try reader.integer("tokens", atLeast: 0)
        position = MixturePosition(drawn: try reader.integers("drawn"))
        recipe = try reader.string("recipe")
        try reader.finish()
        for (key, value) in [("step", step), ("updates", updates), ("tokens", tokens)]
        where value > 1 << 56 {
            throw reader.failure(key, "\(value) is more than any run has")
        }
        guard skipped <= step, updates <= step else {
            throw reader.failure("step", "\(step) is less than the updates or skipped steps")
        }
    }
}
