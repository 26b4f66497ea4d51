import Basics
import Foundation
import Jam

extension [Answer] {
    /// What they took, in one line.
    var summary: String {
        if count == 1 { return self[0].summary }
        let text = reduce(0) { $0 + $1.counts.text }
        let image = reduce(0) { $0 + $1.counts.image }
        return "\(count) answers of \(text) text tokens and \(image) image codes, "
            + "seeds \(map { "\($0.seed)" }.joined(separator: ", "))"
    }

    /// One answer as an object, several as `{"answers": […]}`.
    var json: JSON { count == 1 ? self[0].json : ["answers": .array(map(\.json))] }
}

extension Answer {
    /// What it took, in one line.
    var summary: String {
        let pace = seconds > 0 ? Double(counts.text + counts.image) / seconds : 0
        return "\(counts.text) text tokens and \(counts.image) image codes in "
            + "\(seconds.decimals(1)) s (\(pace.decimals(0)) tokens/s), seed \(seed), "
            + "ended by \(finishReason.rawValue)"
    }

    /// The answer as `jam generate --json` prints it.
    var json: JSON {
        var codes = zip(codes, codeColumns).map { ($0, $1) }[...]
        let segments = document.segments.map { segment -> JSON in
            var object = segment.json
            object["role"] = nil
            if case .image = segment.content, let (own, columns) = codes.popFirst() {
                object["codes"] = .array(own.map(JSON.integer))
                object["code_columns"] = .integer(columns)
            }
            return .object(object)
        }
        return [
            "segments": .array(segments),
            "finish_reason": .string(finishReason.rawValue),
            "seed": seed <= UInt64(Int.max) ? .integer(Int(seed)) : .string("\(seed)"),
            "tokens": [
                "prompt": .integer(counts.prompt), "text": .integer(counts.text),
                "image": .integer(counts.image), "ids": .array(tokens.map(JSON.integer)),
            ],
            "seconds": .number(seconds),
        ]
    }
}
