/// The limits of rendering: a template is a program that came with a model.
struct JinjaBudget: Sendable {
    /// Steps: a node of the template, an element touched, or some bytes of text made.
    static let maximumSteps = 250_000
    /// The longest text, result included, in bytes.
    static let maximumBytes = 1 << 20
    /// The longest template, in bytes.
    static let maximumTemplate = 1 << 18
    /// The deepest nesting of expressions, statements and calls together.
    static let maximumDepth = 200
    /// The deepest nesting of lists and dictionaries.
    static let maximumValueDepth = 64
    /// The longest `range`, as in Jinja's sandbox.
    static let maximumRange = 100_000
    /// The bytes of text that cost as much as one step.
    private static let bytesPerStep = 32

    private(set) var steps = 0
    private var depth = 0

    mutating func spend(_ count: Int = 1) throws(JinjaError) {
        steps += max(count, 0)
        guard steps <= Self.maximumSteps else {
            throw JinjaError("takes more than \(Self.maximumSteps) steps; simplify the template")
        }
    }

    /// Spends what making or reading a text of `count` bytes costs.
    mutating func spend(bytes count: Int) throws(JinjaError) {
        guard count <= Self.maximumBytes else {
            throw JinjaError("makes a text of more than \(Self.maximumBytes) bytes")
        }
        try spend(count / Self.bytesPerStep)
    }

    /// Enters one level of nesting; ``leave()`` leaves it.
    mutating func enter() throws(JinjaError) {
        depth += 1
        guard depth <= Self.maximumDepth else {
            throw JinjaError("is nested more than \(Self.maximumDepth) levels deep")
        }
    }

    mutating func leave() { depth -= 1 }
}
