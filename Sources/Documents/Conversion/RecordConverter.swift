import Basics

/// Makes documents of the records of other programs.
struct RecordConverter {
    /// The place of the record, for messages.
    let place: String
    let record: JSON.Object
    private let reader: JSONReader

    init(_ record: JSON, place: String) throws(JSONFieldError) {
        reader = try JSONReader(record, source: place)
        self.record = reader.object
        self.place = place
    }

    /// The format of the record, and its document.
    ///
    /// - Throws: ``ShardError`` of scope `document`, or `JSONFieldError`.
    func document() throws -> (format: ForeignFormat, members: [String], ImportedDocument) {
        for name in Self.unsupported where record.isUsed(name) {
            throw failure("\(name): only words and images are supported")
        }
        guard let (format, members) = ForeignFormat.recognize(record) else {
            let found = record.keys.prefix(12).map { "\"\($0)\"" }.joined(separator: ", ")
            throw failure(
                "none of the known formats: \"conversations\", \"messages\", \"instruction\" and "
                    + "\"output\", pairs such as \"prompt\" and \"completion\" or \"question\" and "
                    + "\"answer\", \"file_name\" and \"text\", \"text\"; found "
                    + (found.isEmpty ? "nothing" : found)
            )
        }
        let isConversation = format != .caption && format != .text
        var document = ImportedDocument()
        switch format {
        case .shareGPT, .llava, .messages: document.turns = try turns(of: members[0])
        case .alpaca: document.turns = try instructed()
        case .pair:
            document.turns =
                try history() + [
                    turn(.user, reader.string(members[0])),
                    turn(.assistant, reader.string(members[1])),
                ]
        case .caption:
            let image = try image(reader, members[0])
            document.turns = [.init(parts: [.text(try reader.string(members[1])), .image(image)])]
        case .text: document.turns = [.init(parts: [.text(try reader.string("text"))])]
        }
        if isConversation {
            if record.has("system"), case let system = try reader.string("system"), !system.isEmpty
            {
                document.turns.insert(turn(.system, system), at: 0)
            }
            try place(images(), in: &document)
        }
        try check(document, isConversation: isConversation)
        return (format, members, document)
    }

    /// Members of the record, and of its messages, that no document is made of; each once.
    func leftAlone(beside members: [String]) -> [String] {
        let own = record.keys.filter { record.isUsed($0) && !members.contains($0) }
        let known: Set<String> = ["from", "value", "role", "content", "weight", "train", "loss"]
        let messages = (members.first.flatMap { record[$0]?.arrayValue } ?? [])
            .compactMap(\.objectValue)
        let others = messages.flatMap { message in
            message.keys.filter { message.isUsed($0) && !known.contains($0) }
        }
        return own + Set(others).sorted().map { "\(members[0])[].\($0)" }
    }

    // MARK: - Turns

    private func turn(_ role: Role, _ text: String) -> ImportedDocument.Turn {
        .init(role: role, parts: text.isEmpty ? [] : [.text(text)])
    }

    /// Earlier questions and their answers.
    private func history() throws -> [ImportedDocument.Turn] {
        guard record.has("history") else { return [] }
        return try reader.array("history").enumerated().flatMap { number, pair in
            let texts = pair.arrayValue ?? []
            guard texts.count == 2, let question = texts[0].stringValue,
                let answer = texts[1].stringValue
            else { throw failure("history[\(number)]: a question and its answer are expected") }
            return [turn(.user, question), turn(.assistant, answer)]
        }
    }

    /// An instruction, its input on the next line, and the output, behind earlier ones.
    private func instructed() throws -> [ImportedDocument.Turn] {
        let input = record.has("input") ? try reader.string("input") : ""
        let instruction = try reader.string("instruction")
        let question = [instruction, input].filter { !$0.isEmpty }.joined(separator: "\n")
        return try history() + [
            turn(.user, question), turn(.assistant, reader.string("output")),
        ]
    }

    private func turns(of member: String) throws -> [ImportedDocument.Turn] {
        try reader.objects(member).map { message in
            let sender = message.has("from") ? "from" : "role"
            let content = message.has("value") ? "value" : "content"
            let role = try role(message, sender)
            var isLearned = try message.isLearned()
            for name in ["train", "loss"] where try !Self.isTrue(name, of: message) {
                isLearned = false
            }
            for name in Self.unsupported + ["image", "images"]
            where message.object.isUsed(name) {
                throw message.failure(name, "a message has only its text or parts")
            }
            guard case .array = message.object[content] else {
                var turn = turn(role, try message.string(content))
                turn.isLearned = isLearned
                return turn
            }
            let parts = try message.objects(content).map(part)
            return .init(role: role, parts: parts.filter { !$0.isEmpty }, isLearned: isLearned)
        }
    }

    /// Whether a member is true or 1, as without it, and not false or 0.
    private static func isTrue(_ name: String, of message: JSONReader) throws -> Bool {
        switch message.object[name] {
        case nil, .null, .bool(true), .integer(1): return true
        case .bool(false), .integer(0): return false
        case let other?:
            throw message.failure(name, "true or false is expected, found \(other.kind)")
        }
    }

    private func role(_ message: JSONReader, _ member: String) throws -> Role {
        let name = try message.string(member)
        switch name.lowercased() {
        case "human", "user", "prompter": return .user
        case "gpt", "assistant", "chatgpt", "model", "bot", "bing", "bard": return .assistant
        case "system", "developer": return .system
        case "tool", "function", "function_call", "observation", "ipython":
            throw message.failure(member, "\(name.quoted()): tools are not supported")
        default:
            throw message.failure(
                member,
                "\(name.quoted()) is not known; known are \"human\", \"user\", \"gpt\", "
                    + "\"assistant\", \"system\""
            )
        }
    }

    private func part(_ reader: JSONReader) throws -> ImportedDocument.Part {
        switch try reader.string("type") {
        case "text", "input_text", "output_text": return .text(try reader.string("text"))
        case "image_url" where reader.object["image_url"]?.objectValue != nil:
            return .image(try image(reader.nested("image_url"), "url"))
        case "image_url", "input_image": return .image(try image(reader, "image_url"))
        case "image":
            let names = ["image", "path", "url"]
            // Otherwise it is one of the record's images.
            guard let name = names.first(where: reader.has) else { return .text(Self.placeholder) }
            let altText = reader.has("alt_text") ? try reader.string("alt_text") : nil
            return .image(try image(reader, name), altText: altText)
        case let kind:
            throw reader.failure("type", "\(kind.quoted()): only words and images are supported")
        }
    }

    // MARK: - Images

    private func images() throws -> [ImportedDocument.StoredImage] {
        for name in ["image", "images"] where record.isUsed(name) {
            guard record[name]?.arrayValue != nil else { return [try image(reader, name)] }
            return try reader.strings(name).map { try image($0, name) }
        }
        return []
    }

    private func image(_ reader: JSONReader, _ name: String) throws
        -> ImportedDocument.StoredImage
    {
        try image(reader.string(name), name)
    }

    private func image(_ text: String, _ name: String) throws -> ImportedDocument.StoredImage {
        if text.hasPrefix("data:") {
            guard let bytes = DataURL.bytes(of: text) else {
                throw failure("\(name): the data URL is no image in base64")
            }
            return .bytes(bytes)
        }
        guard !text.hasPrefix("http://"), !text.hasPrefix("https://") else {
            throw failure("\(name): images on the network are not fetched; save them in a folder")
        }
        let path = text.hasPrefix("file://") ? String(text.dropFirst("file://".count)) : text
        return .file(path)
    }

    /// What stands for an image in a text.
    private static let placeholder = "<image>"

    /// Puts images in the places of `<image>`; without any, before what the user says first.
    private func place(
        _ images: [ImportedDocument.StoredImage],
        in document: inout ImportedDocument
    ) throws {
        var rest = images[...]
        var places = 0
        for index in document.turns.indices {
            document.turns[index].parts = document.turns[index].parts.flatMap { part in
                guard case .text(let text) = part else { return [part] }
                let texts = Self.pieces(of: text)
                var pieces: [ImportedDocument.Part] = []
                for (number, piece) in texts.enumerated() {
                    if number > 0 {
                        places += 1
                        if let image = rest.popFirst() { pieces.append(.image(image)) }
                    }
                    let text = Self.trimmed(
                        piece,
                        afterImage: number > 0,
                        beforeImage: number < texts.count - 1
                    )
                    if !text.isEmpty { pieces.append(.text(text)) }
                }
                return pieces
            }
        }
        if places == 0, let first = document.turns.firstIndex(where: { $0.role == .user }) {
            document.turns[first].parts.insert(contentsOf: images.map { .image($0) }, at: 0)
        } else if places != images.count {
            throw failure(
                "\(Self.placeholder) is there \(places) times, for \(images.count.of("image"))"
            )
        }
    }

    /// The texts between placeholders, which are found by their bytes: a mark that joins their last
    /// character does not hide them.
    private static func pieces(of text: String) -> [Substring] {
        var pieces: [Substring] = []
        var rest = Substring(text)
        while let found = rest.utf8.firstRange(of: placeholder.utf8) {
            pieces.append(rest[..<found.lowerBound])
            rest = rest[found.upperBound...]
        }
        return pieces + [rest]
    }

    /// A text without the newline that sets it apart from an image.
    private static func trimmed(_ text: Substring, afterImage: Bool, beforeImage: Bool) -> String {
        var text = text
        if afterImage, text.first?.isNewline == true { text.removeFirst() }
        if beforeImage, text.last?.isNewline == true { text.removeLast() }
        return String(text)
    }

    // MARK: - Checks

    /// Members that mean something that is neither words nor images.
    private static let unsupported = [
        "video", "videos", "audio", "audios", "tools", "functions", "tool_calls", "function_call",
    ]

    private func check(_ document: ImportedDocument, isConversation: Bool) throws {
        for (number, turn) in document.turns.enumerated() {
            let whose = turn.role.map { ", of \($0.rawValue)," } ?? ""
            guard !turn.parts.isEmpty, !turn.parts.contains(where: \.isEmpty) else {
                throw failure("turn \(number + 1)\(whose) is empty")
            }
            guard !turn.parts.contains(where: \.hasNUL) else {
                throw failure("turn \(number + 1)\(whose) contains a NUL")
            }
        }
        guard isConversation else { return }
        guard document.turns.contains(where: { $0.role == .assistant }) else {
            throw failure("nothing is answered")
        }
    }

    private func failure(_ problem: String) -> ShardError {
        ShardError(place: place, problem: problem, scope: .document)
    }
}

extension JSON.Object {
    /// Whether a member is there and not `null`, an empty list or an empty text.
    func isUsed(_ name: String) -> Bool {
        has(name) && self[name]?.arrayValue?.isEmpty != true
            && self[name]?.stringValue?.isEmpty != true
    }
}
