package import Basics

/// What a training step or an evaluation measured: a line of the log.
public struct StepLog: Sendable {
    /// The number of the step, from 1.
    public let step: Int
    /// The values in a few words, as `loss 2.310 (text 3.101, image 1.920)`.
    public let summary: String
    /// Whether the loss or a gradient norm was not finite, so that the weights did not change.
    public let isSkipped: Bool
    /// The values by name, in the order of the log.
    package let values: [(key: String, value: JSON)]

    package init(
        step: Int,
        _ values: [(key: String, value: JSON)],
        summary: String,
        isSkipped: Bool = false
    ) {
        self.step = step
        self.values = values
        self.summary = summary
        self.isSkipped = isSkipped
    }

    /// The names of the values that are numbers, as `loss`, `loss_text` and `learning_rate`.
    public var names: [String] { values.map(\.key).filter { self[$0] != nil } }

    /// The value of a name; `nil` if it was not measured, or is not finite.
    public subscript(name: String) -> Double? {
        switch values.first(where: { $0.key == name })?.value {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// The line of the log.
    var json: JSON.Object {
        var object: JSON.Object = ["step": .integer(step)]
        for (key, value) in values { object[key] = value }
        if isSkipped { object["skipped"] = true }
        return object
    }
}
