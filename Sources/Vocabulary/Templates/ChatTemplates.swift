public import Basics
public import Foundation

/// The chat templates of a model folder, from whichever of the four places has them.
public struct ChatTemplates: Sendable {
    /// Where they were found, for messages.
    public let place: String
    /// Each template by its name; a single one is named `default`.
    public let named: [(name: String, template: ChatTemplate)]

    /// Reads the templates of a model folder; `nil` if it has none.
    ///
    /// Looked at in this order, and the first that is there counts: `chat_template.jinja`,
    /// `chat_template.json`, and `chat_template` in `tokenizer_config.json`, a string or a list of
    /// named ones.
    ///
    /// - Throws: `TemplateError` for a template, `TokenizerError` and `JSONFieldError` for a file,
    ///   that cannot be read.
    public init?(ofModel folder: URL) throws {
        let file = folder.appending(path: "chat_template.jinja")
        if FileManager.default.fileExists(atPath: file.path) {
            let data = try MappedFile(file.path)
            guard let source = String(validating: Array(data.bytes), as: UTF8.self) else {
                throw TemplateError.unreadable(place: file.path, line: nil, problem: "is not UTF-8")
            }
            try self.init([("default", source)], from: file.path)
            return
        }
        for name in ["chat_template.json", "tokenizer_config.json"] {
            let file = folder.appending(path: name)
            guard FileManager.default.fileExists(atPath: file.path) else { continue }
            let reader = try JSONReader(Tokenizer.readJSON(file), source: file.path)
            guard reader.has("chat_template") else { continue }
            try self.init(Self.sources(reader), from: file.path)
            return
        }
        return nil
    }

    private init(_ sources: [(name: String, source: String)], from place: String) throws {
        self.place = place
        var named: [(name: String, template: ChatTemplate)] = []
        for (name, source) in sources {
            named.append((name, try ChatTemplate(source, from: place)))
        }
        self.named = named
    }

    private static func sources(_ reader: JSONReader) throws -> [(name: String, source: String)] {
        guard case .array? = reader.object["chat_template"] else {
            return [("default", try reader.string("chat_template"))]
        }
        return try reader.objects("chat_template").map { element in
            (try element.string("name"), try element.string("template"))
        }
    }

    /// The template for a conversation: the one for tools where there are some and the folder has it,
    /// otherwise the default.
    public func template(hasTools: Bool = false) throws(TemplateError) -> ChatTemplate {
        let wanted = hasTools ? ["tool_use", "default"] : ["default"]
        for name in wanted {
            if let found = named.first(where: { $0.name == name }) { return found.template }
        }
        throw .noDefault(place: place, names: named.map(\.name))
    }
}

extension Tokenizer {
    /// The names of special tokens as templates see them, as `bos_token`.
    public var templateVariables: JSON.Object {
        var variables = JSON.Object()
        for (member, spelling) in roles.named { variables[member] = .string(spelling) }
        return variables
    }
}
