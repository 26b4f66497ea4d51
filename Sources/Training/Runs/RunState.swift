package import Basics

/// Where a training loop stands, but for its weights and moments: the counters of a saved step.
///
/// Every random choice of a run is a function of its seed and of these counters, so there is no
/// other random state.
package struct RunState: Sendable, Equatable {
    /// The number of steps done.
    package var step: Int
    /// The number of updates of the weights.
    package var updates: Int
    /// The number of steps that were skipped.
    package var skipped: Int
    /// The number of tokens learned from.
    package var tokens: Int
    /// Where the mixture stands.
    package var position: MixturePosition

    /// Sets all of it.
    package init(
        step: Int,
        updates: Int,
        skipped: Int,
        tokens: Int,
        position: MixturePosition
    ) {
        self.step = step
        self.updates = updates
        self.skipped = skipped
        self.tokens = tokens
        self.position = position
    }

    /// The state as it stands in the file.
    package var json: JSON.Object {
        [
            "step": .integer(step),
            "updates": .integer(updates),
            "skipped": .integer(skipped),
            "tokens": .integer(tokens),
            "drawn": .array(position.drawn.map(JSON.integer)),
        ]
    }

    /// Reads a state.
    package init(_ reader: JSONReader) throws(JSONFieldError) {
        step = try reader.integer("step", atLeast: 0, atMost: 1 << 56)
        updates = try reader.integer("updates", atLeast: 0, atMost: 1 << 56)
        skipped = try reader.integer("skipped", atLeast: 0, atMost: 1 << 56)
        tokens = try reader.integer("tokens", atLeast: 0, atMost: 1 << 56)
        position = MixturePosition(drawn: try reader.integers("drawn"))
    }
}
