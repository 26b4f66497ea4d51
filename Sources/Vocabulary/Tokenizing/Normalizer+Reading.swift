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
            let content = Array(try reader.string("content").utf8)
            if pattern.has("Regex") {
                self = .replaceMatches(try SplitPattern(pattern), by: content)
            } else {
                self = .replace(Array(try pattern.string("String").utf8), by: content)
            }
        case "Strip":
            self = .strip(
                left: try reader.bool("strip_left", default: true),
                right: try reader.bool("strip_right", default: true)
            )
        case "Lowercase":
            self = .lowercased
        case let other:
            throw reader.failure(
                "type",
                "\(other.quoted()) is not supported; supported are \"NFC\", \"Lowercase\", "
                    + "\"Prepend\", \"Replace\", \"Strip\" and a \"Sequence\" of them"
            )
        }
    }
}
