package import Basics
internal import Checkpoints
package import Foundation

/// The chat templates of a model folder.
package struct ChatTemplates: Sendable {
    package let place: String
    /// The templates by name; a single one is named `default`.
    package let named: [(name: String, template: ChatTemplate)]

    /// Reads the templates of a model, a folder or a GGUF file; `nil` if it has none.
    ///
    /// The first of these counts: `chat_template.jinja`, `chat_template.json`, and `chat_template`
    /// in `tokenizer_config.json`, a string or a list of named ones.
    ///
    /// - Throws: `FileError` if a file cannot be read or leads out of the folder; `TemplateError`,
    ///   `TokenizerError` or `JSONFieldError` if a template or a file is malformed.
    package init?(ofModel folder: URL) throws {
        let files = try TextFiles(of: folder)
        if let file = try files.open("chat_template.jinja") {
            try self.init([("default", Self.source(file))], from: file.path)
            return
        }
        for name in ["chat_template.json", "tokenizer_config.json"] {
            guard let reader = try files.reader(name), reader.has("chat_template") else { continue }
            try self.init(Self.sources(reader), from: reader.source)
            return
        }
        return nil
    }

    /// Reads the templates beside a tokenizer, given as a model or as its `tokenizer.json`; `nil` if
    /// there are none.
    package init?(ofTokenizer url: URL) throws {
        let isModel = try CheckpointFiles.isModel(url.relativePath)
        try self.init(ofModel: isModel ? url : url.deletingLastPathComponent())
    }

    /// Whether a model folder has a chat template, be it one that can be read or not.
    package static func exist(inModel folder: URL) throws -> Bool {
        do {
            return try ChatTemplates(ofModel: folder) != nil
        } catch is TemplateError {
            return true
        }
    }

    private init(_ sources: [(name: String, source: String)], from place: String) throws {
        self.place = place
        var named: [(name: String, template: ChatTemplate)] = []
        for (name, source) in sources {
            named.append((name, try ChatTemplate(source, from: place)))
        }
        self.named = named
    }

    private static func source(_ file: MappedFile) throws(TemplateError) -> String {
        try withExtendedLifetime(file) { () throws(TemplateError) in
            let problem: String
            if LargeFilePointer.begins(file.bytes) {
                problem = LargeFilePointer.problem
            } else if file.bytes.count > JinjaBudget.maximumTemplate {
                problem = "is longer than \(JinjaBudget.maximumTemplate) bytes"
            } else if let source = String(validating: file.bytes, as: UTF8.self) {
                return source
            } else {
                problem = "is not UTF-8"
            }
            throw .unreadable(place: file.path, line: nil, problem: problem)
        }
    }

    private static func sources(_ reader: JSONReader) throws -> [(name: String, source: String)] {
        guard case .array? = reader.object["chat_template"] else {
            return [("default", try reader.string("chat_template"))]
        }
        return try reader.objects("chat_template").map { element in
            (try element.string("name"), try element.string("template"))
        }
    }

    /// The template for tools if there are tools and the folder has one, otherwise the default.
    package func template(hasTools: Bool = false) throws(TemplateError) -> ChatTemplate {
        let wanted = hasTools ? ["tool_use", "default"] : ["default"]
        for name in wanted {
            if let found = named.first(where: { $0.name == name }) { return found.template }
        }
        throw .noDefault(place: place, names: named.map(\.name))
    }
}

extension Tokenizer {
    /// The special tokens as variables of a template, such as `bos_token`.
    package var templateVariables: JSON.Object {
        var variables = JSON.Object()
        for (member, token) in [
            ("eos_token", TokenSpace.SpecialToken.end), ("pad_token", .padding),
        ] {
            variables[member] = space.specialTokens[token].flatMap { spellings[$0] }.map(
                JSON.string
            )
        }
        for (member, spelling) in specialTokensMap.named { variables[member] = .string(spelling) }
        return variables
    }
}
