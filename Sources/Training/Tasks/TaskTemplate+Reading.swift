internal import Basics
internal import Documents

extension TaskTemplate {
    /// Reads `parts` and `templates`.
    init(_ reader: JSONReader) throws(JSONFieldError) {
        var parts: [Part] = []
        for name in try reader.strings("parts") {
            guard let part = Part(rawValue: name) else {
                throw reader.failure(
                    "parts",
                    "\(name.quoted()) is neither \"text\" nor \"picture\""
                )
            }
            parts.append(part)
        }
        self.parts = parts
        var conversations: [Conversation] = []
        for template in try reader.objects("templates") {
            conversations.append(try Conversation(template, parts))
        }
        guard !conversations.isEmpty else {
            throw reader.failure("templates", "is empty; at least one template is expected")
        }
        self.conversations = conversations
        try reader.finish()
    }
}

extension TaskTemplate.Conversation {
    /// Reads what each speaker says, who speak in the order in which they stand.
    fileprivate init(_ reader: JSONReader, _ parts: [TaskTemplate.Part]) throws(JSONFieldError) {
        turns = []
        for name in reader.object.keys {
            guard let speaker = Speaker(rawValue: name) else {
                throw reader.failure(
                    name,
                    "is no speaker; \"system\", \"user\" and \"assistant\" are"
                )
            }
            let text = try reader.string(name)
            turns.append((speaker, try Self.pieces(of: text, parts, name, reader)))
        }
        guard turns.last?.speaker == .assistant else {
            throw reader.failure("assistant", "the assistant must have the last word")
        }
        let used = turns.flatMap(\.pieces)
        for index in parts.indices where !used.contains(.part(index)) {
            throw reader.failure(
                "assistant",
                "part \(index + 1), a \(parts[index].rawValue), has no place in this template"
            )
        }
    }

    private static func pieces(
        of text: String,
        _ parts: [TaskTemplate.Part],
        _ key: String,
        _ reader: JSONReader
    ) throws(JSONFieldError) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text[...]
        while let start = rest.firstIndex(of: "{") {
            guard let end = rest[start...].firstIndex(of: "}") else {
                throw reader.failure(key, "a brace is not closed")
            }
            let name = rest[rest.index(after: start)..<end]
            guard let index = place(named: name, in: parts) else {
                throw reader.failure(
                    key,
                    "\("{\(name)}".quoted()) is not one of the parts "
                        + parts.map(\.rawValue).joined(separator: ", ")
                        + "; a part of several is named by its number, as \"{text 2}\""
                )
            }
            if start > rest.startIndex { pieces.append(.words(String(rest[..<start]))) }
            pieces.append(.part(index))
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { pieces.append(.words(String(rest))) }
        return pieces
    }

    /// The index of `text`, where there is one text, or of `text 2`, the second of several.
    private static func place(named name: Substring, in parts: [TaskTemplate.Part]) -> Int? {
        let words = name.split(separator: " ")
        guard let kind = words.first.flatMap({ TaskTemplate.Part(rawValue: String($0)) }) else {
            return nil
        }
        let places = parts.indices.filter { parts[$0] == kind }
        switch words.count {
        case 1: return places.count == 1 ? places[0] : nil
        case 2:
            let digits = words[1].utf8.allSatisfy { (0x30...0x39).contains($0) }
            guard digits, let number = Int(words[1]), number > 0, number <= places.count else {
                return nil
            }
            return places[number - 1]
        default: return nil
        }
    }
}
