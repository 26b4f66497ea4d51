import Basics

extension Normalizer {
    /// Reads `normalizer`: a step, a `Sequence` of steps, or null.
    init(_ reader: JSONReader) throws(JSONFieldError) {
        guard reader.has("normalizer") else { return }
        let step = try reader.nested("normalizer")
        for part in try step.steps("normalizers") { steps.append(try Step(part)) }
        guard growth <= Self.mostGrowth else {
            let most = Int(Self.mostGrowth)
            throw reader.failure(
                "normalizer",
                "may make a text more than \(most) times as long, which is not supported"
            )
        }
    }
}

extension Normalizer.Step {
    fileprivate init(_ reader: JSONReader) throws(JSONFieldError) {
        switch try reader.string("type") {
        case "NFC":
            self = .composed
        case "Prepend":
            self = .prepend(Array(try reader.string("prepend").utf8))
        case "Replace":
            let pattern = try reader.nested("pattern")
            if pattern.has("Regex") {
                try pattern.require("Regex", #"\s+"#)
                try reader.require("content", " ")
                self = .joinedSpaces
            } else {
                let found = try pattern.string("String")
                self = .replace(Array(found.utf8), by: Array(try reader.string("content").utf8))
            }
        case "Lowercase":
            self = .lowercased
        case let other:
            throw reader.failure(
                "type",
                "\(other.quoted()) is not supported; supported are \"NFC\", \"Lowercase\", "
                    + "\"Prepend\", \"Replace\" and a \"Sequence\" of them"
            )
        }
    }
}
