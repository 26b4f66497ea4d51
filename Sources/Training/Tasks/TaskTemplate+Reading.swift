internal import Basics
internal import Documents

extension TaskTemplate {
    init(_ reader: JSONReader) throws(JSONFieldError) {
        var parts: [Part] = []
        for name in try reader.strings("parts") {
            guard let part = Part(rawValue: name) else {
                throw reader.failure(
                    "parts",
                    "\(name.quoted()) is neither \"text\" nor \"image\""
                )
            }
            parts.append(part)
        }
        self.parts = parts
        var conversations: [Conversation] = []
        for (index, turns) in try reader.objectLists("templates").enumerated() {
            let conversation = try Conversation(turns, parts) { turn, problem in
                let place = turn.map { "[\($0)]" } ?? ""
                return reader.failure("templates[\(index)]" + place, problem)
            }
            conversations.append(conversation)
        }
        guard !conversations.isEmpty else {
            throw reader.failure("templates", "is empty; at least one template is expected")
        }
        self.conversations = conversations
        try reader.finish()
    }
}

extension TaskTemplate.Conversation {
    /// Reads the turns; `failure` makes an error about one of them, or about all.
    fileprivate init(
        _ readers: [JSONReader],
        _ parts: [TaskTemplate.Part],
        _ failure: (Int?, String) -> JSONFieldError
    ) throws(JSONFieldError) {
        turns = []
        for (turn, reader) in readers.enumerated() {
            let names = reader.object.keys
            guard names.count == 1, let name = names.first, let role = Role(rawValue: name)
            else {
                let found = names.isEmpty ? "nothing" : names.joined(separator: ", ")
                throw failure(
                    turn,
                    "found \(found); exactly one of system, user and assistant is expected"
                )
            }
            let text = try reader.string(name)
            guard !text.isBlank, !text.utf8.contains(0) else {
                let problem = text.isBlank ? "is blank" : "has a NUL"
                throw reader.failure(name, problem)
            }
            turns.append((role, try Self.pieces(of: text, parts) { reader.failure(name, $0) }))
        }
        guard turns.last?.role == .assistant else {
            throw failure(nil, "the last turn must be the assistant's")
        }
        let used = turns.flatMap(\.pieces)
        for index in parts.indices where !used.contains(.part(index)) {
            throw failure(nil, "part \(index + 1), \(parts[index].rawValue), is not used")
        }
    }

    /// Splits a text at its placeholders; a doubled brace is a brace.
    private static func pieces(
        of text: String,
        _ parts: [TaskTemplate.Part],
        _ failure: (String) -> JSONFieldError
    ) throws(JSONFieldError) -> [Piece] {
        var pieces: [Piece] = []
        var words = ""
        var rest = text[...]
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            words += rest[..<brace]
            let isDoubled = rest[brace...].dropFirst().first == rest[brace]
            guard !isDoubled else {
                words.append(rest[brace])
                rest = rest[brace...].dropFirst(2)
                continue
            }
            guard rest[brace] == "{", let end = rest[brace...].firstIndex(of: "}") else {
                let problem = rest[brace] == "{" ? "closed" : "opened"
                throw failure("a brace is not \(problem); a doubled one is a brace itself")
            }
            let name = rest[brace..<end].dropFirst()
            guard let index = Self.index(named: name, in: parts) else {
                throw failure(
                    "\("{\(name)}".quoted()) is not one of the parts "
                        + parts.map(\.rawValue).joined(separator: ", ")
                        + "; one of several has a number, as in \"{text 2}\""
                )
            }
            if !words.isEmpty { pieces.append(.words(words)) }
            words = ""
            pieces.append(.part(index))
            rest = rest[end...].dropFirst()
        }
        words += rest
        if !words.isEmpty { pieces.append(.words(words)) }
        return pieces
    }

    /// The index of `text`, if there is only one, or of `text 2`, the second text.
    private static func index(named name: Substring, in parts: [TaskTemplate.Part]) -> Int? {
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
