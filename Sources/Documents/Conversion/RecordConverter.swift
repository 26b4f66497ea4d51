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
        for name in ["video", "videos", "audio", "audios"] where record.has(name) {
            if record[name]?.arrayValue?.isEmpty == true { continue }
            throw failure("\(name): only words and images are supported")
        }
        guard let (format, members) = ForeignFormat.recognize(record) else {
            let found = record.keys.prefix(12).map { "\"\($0)\"" }.joined(separator: ", ")
            throw failure(
                "none of the known formats: \"conversations\", \"messages\", \"instruction\" and "
                    + "\"output\", \"prompt\" and \"completion\", \"text\"; found "
                    + (found.isEmpty ? "nothing" : found)
            )
        }
        var document = ImportedDocument()
        switch format {
        case .shareGPT, .llava, .messages: document.turns = try turns(of: members[0])
        case .alpaca: document.turns = try instructed()
        case .pair:
            document.turns = [
                try turn(.user, reader.string(members[0])),
                try turn(.assistant, reader.string(members[1])),
            ]
        case .caption:
            let image = try image(reader, members[0])
            document.turns = [.init(parts: [.text(try reader.string(members[1])), .image(image)])]
        case .text: document.turns = [.init(parts: [.text(try reader.string("text"))])]
        }
        if format != .caption, format != .text {
            if record.has("system"), case let system = try reader.string("system"), !system.isEmpty
            {
                document.turns.insert(turn(.system, system), at: 0)
            }
            try place(images(), in: &document)
            try check(document)
        }
        return (format, members, document)
    }

    // MARK: - Turns

    private func turn(_ role: Role, _ text: String) -> ImportedDocument.Turn {
        .init(role: role, parts: text.isEmpty ? [] : [.text(text)])
    }

    /// An instruction, its input on the next line, and the output, behind earlier ones.
    private func instructed() throws -> [ImportedDocument.Turn] {
        var turns: [ImportedDocument.Turn] = []
        if record.has("history") {
            for (number, pair) in try reader.array("history").enumerated() {
                let texts = pair.arrayValue?.compactMap(\.stringValue) ?? []
                guard texts.count == 2 else {
                    throw failure("history[\(number)]: an instruction and its output are expected")
                }
                turns += [turn(.user, texts[0]), turn(.assistant, texts[1])]
            }
        }
        let input = record.has("input") ? try reader.string("input") : ""
        let instruction = try reader.string("instruction")
        let question = [instruction, input].filter { !$0.isEmpty }.joined(separator: "\n")
        return turns + [turn(.user, question), turn(.assistant, try reader.string("output"))]
    }

    private func turns(of member: String) throws -> [ImportedDocument.Turn] {
        try reader.objects(member).map { message in
            let speaker = message.has("from") ? "from" : "role"
            let content = message.has("value") ? "value" : "content"
            let role = try role(message, speaker)
            guard try message.number("weight", default: 1) == 1 else {
                throw message.failure("weight", "a message that is not trained on is not supported")
            }
            for name in ["tool_calls", "function_call"] where message.has(name) {
                throw message.failure(name, "tools are not supported")
            }
            guard case .array = message.object[content] else {
                return turn(role, try message.string(content))
            }
            return .init(role: role, parts: try message.objects(content).map(part))
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
            guard let name = names.first(where: reader.has) else {
                throw reader.failure("type", "an image has \"image\", \"path\" or \"url\"")
            }
            return .image(try image(reader, name))
        case let kind:
            throw reader.failure("type", "\(kind.quoted()): only words and images are supported")
        }
    }

    // MARK: - Images

    private func images() throws -> [ImportedDocument.StoredImage] {
        for name in ["image", "images"] where record.has(name) {
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
        guard !images.isEmpty else { return }
        var rest = images[...]
        var places = 0
        for index in document.turns.indices {
            document.turns[index].parts = document.turns[index].parts.flatMap { part in
                guard case .text(let text) = part else { return [part] }
                var pieces: [ImportedDocument.Part] = []
                let texts = text.split(
                    separator: Self.placeholder,
                    omittingEmptySubsequences: false
                )
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
                "\(Self.placeholder) is there \(places) times, for \(images.count) images"
            )
        }
    }

    /// A text without the newline that sets it apart from an image.
    private static func trimmed(_ text: Substring, afterImage: Bool, beforeImage: Bool) -> String {
        var text = text
        if afterImage, text.first?.isNewline == true { text.removeFirst() }
        if beforeImage, text.last?.isNewline == true { text.removeLast() }
        return String(text)
    }

    // MARK: - Checks

    private func check(_ document: ImportedDocument) throws {
        for (number, turn) in document.turns.enumerated() where turn.parts.isEmpty {
            throw failure("turn \(number + 1), of \(turn.role?.rawValue ?? "nobody"), is empty")
        }
        guard document.turns.contains(where: { $0.role == .assistant }) else {
            throw failure("nothing is answered")
        }
    }

    private func failure(_ problem: String) -> ShardError {
        ShardError(place: place, problem: problem, scope: .document)
    }
}
