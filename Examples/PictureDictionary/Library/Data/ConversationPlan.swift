import Basics

/// Chooses what training conversations are about, and how many turns they have.
struct ConversationPlan: Sendable {
    /// One in so many conversations has several turns.
    private static let severalTurns = 4
    /// The most tokens of a conversation of several turns, with room to err: the context is 512.
    private static let tokenLimit = 480

    private let concepts: [Concept]
    private let defined: [Concept]
    private let writer: ConversationWriter
    /// Each kind as often as its share.
    private let kinds = Conversation.Kind.allCases.flatMap {
        Array(repeating: $0, count: $0.share)
    }

    /// `concepts` are all; conversations are about those of the tuning split.
    init(_ concepts: [Concept], _ painter: ScenePainter) {
        self.concepts = concepts.filter { $0.split == .tuning }
        defined = self.concepts.filter { $0.definition != nil }
        writer = ConversationWriter(painter: painter)
    }

    /// One turn, or two to three about different things, as many as fit into the context.
    func turns(using random: inout SeededGenerator) -> [Conversation] {
        let isLong = Int.random(in: 0..<Self.severalTurns, using: &random) == 0
        let count = isLong ? Int.random(in: 2...3, using: &random) : 1
        var turns: [Conversation] = []
        while turns.count < count {
            turns.append(turn(after: turns, using: &random))
            let length = turns.reduce(0) { $0 + $1.tokenEstimate }
            guard length <= Self.tokenLimit || turns.count == 1 else { return turns.dropLast() }
        }
        return turns
    }

    private func turn(
        after earlier: [Conversation],
        using random: inout SeededGenerator
    ) -> Conversation {
        let used = earlier.flatMap(\.concepts)
        let kind = kinds.randomElement(using: &random) ?? .define
        let pool = kind.needsDefinition || Bool.random(using: &random) ? defined : concepts
        let count = Int.random(in: kind.conceptCount, using: &random)
        var chosen: [Concept] = []
        while chosen.count < count {
            let concept = pool[Int.random(in: 0..<pool.count, using: &random)]
            if !(used + chosen).contains(concept) { chosen.append(concept) }
        }
        return writer.conversation(kind, about: chosen, using: &random)
    }
}
