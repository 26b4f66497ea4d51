/// Text of files in messages: on one line and of limited length.
extension String {
    /// ``brief(_:)`` in quotes.
    package func quoted(_ limit: Int = 80) -> String { "\"" + brief(limit) + "\"" }

    /// The text with newlines, control characters and bidirectional controls escaped, as `\n` and
    /// `\u{202E}`; of more than `limit` bytes, only the start and the end.
    package func brief(_ limit: Int) -> String {
        if utf8.count <= limit {
            let whole = unicodeScalars.map(\.inMessage).joined()
            if whole.utf8.count <= limit { return whole }
        }
        let end = Self.shown(unicodeScalars.reversed(), upTo: limit / 3)
        let beginning = Self.shown(unicodeScalars, upTo: limit - limit / 3)
        return beginning.joined() + "…" + end.reversed().joined()
    }

    private static func shown(_ scalars: some Sequence<Unicode.Scalar>, upTo limit: Int) -> [String]
    {
        var parts: [String] = []
        var room = limit
        for part in scalars.lazy.map(\.inMessage) {
            room -= part.utf8.count
            guard room >= 0 else { break }
            parts.append(part)
        }
        return parts
    }
}

extension Unicode.Scalar {
    fileprivate var inMessage: String {
        switch (self, properties.generalCategory) {
        case ("\n", _): #"\n"#
        case ("\r", _): #"\r"#
        case ("\t", _): #"\t"#
        case (_, .control), (_, .lineSeparator), (_, .paragraphSeparator): escape
        case _ where properties.isBidiControl: escape
        default: String(self)
        }
    }

    private var escape: String { #"\u{"# + String(value, radix: 16, uppercase: true) + "}" }
}
