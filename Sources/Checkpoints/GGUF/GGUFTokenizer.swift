import Basics

/// `tokenizer.json` and its companions of a GGUF file.
struct GGUFTokenizer {
    private let metadata: GGUFMetadata
    private let tokens: GGUFTokens

    init(_ metadata: GGUFMetadata) throws(GGUFError) {
        self.metadata = metadata
        tokens = try GGUFTokens(metadata)
    }

    /// `tokenizer.json`, as the published model has it.
    func json(_ architecture: GGUFArchitecture) throws(GGUFError) -> JSON {
        let key = "tokenizer.ggml.model"
        let parts: JSON.Object
        switch try metadata.requiredString(key) {
        case "gpt2": parts = try GGUFByteLevelTokenizer(metadata, tokens).json
        case "llama":
            parts = try GGUFSentencePieceTokenizer(
                metadata,
                tokens,
                mergesInOrder: architecture.mergesInOrder
            ).json
        case let other:
            throw metadata.failure(
                key,
                "\(other.quoted()) is not supported; supported are \"gpt2\" and \"llama\""
            )
        }
        var json: JSON.Object = ["version": "1.0", "truncation": .null, "padding": .null]
        for (member, value) in parts.members { json[member] = value }
        return .object(json)
    }

    /// `tokenizer_config.json`.
    func config() throws(GGUFError) -> JSON {
        var json: JSON.Object = ["tokenizer_class": "PreTrainedTokenizerFast"]
        for (member, key) in GGUFTokens.specialIDs {
            let name = String(member.dropLast("_id".count))
            json[name] = try tokens.id(key).map { .string(tokens.spellings[$0]) }
        }
        for member in ["add_bos_token", "add_eos_token"] {
            json[member] = try metadata.bool("tokenizer.ggml.\(member)").map(JSON.bool)
        }
        json["clean_up_tokenization_spaces"] = false
        let templates = try namedTemplates()
        if !templates.isEmpty {
            let all = try [("default", template())] + templates
            json["chat_template"] = .array(
                all.compactMap { name, template in
                    template.map { ["name": .string(name), "template": .string($0)] }
                }
            )
        }
        return .object(json)
    }

    /// `chat_template.jinja`; `nil` if there is none, or several, which the config has.
    func chatTemplate() throws(GGUFError) -> String? {
        try namedTemplates().isEmpty ? template() : nil
    }

    /// `generation_config.json`: what begins and ends an answer.
    func generationConfig() throws(GGUFError) -> JSON {
        var json = JSON.Object()
        json["bos_token_id"] = try tokens.id("bos_token_id").map(JSON.integer)
        var ends: [Int] = []
        for key in ["eos_token_id", "eot_token_id", "eom_token_id"] {
            if let id = try tokens.id(key), !ends.contains(id) { ends.append(id) }
        }
        if let end = ends.first {
            json["eos_token_id"] =
                ends.count == 1
                ? .integer(end) : .array(ends.map(JSON.integer))
        }
        json["pad_token_id"] = try tokens.id("padding_token_id").map(JSON.integer)
        return .object(json)
    }

    private static let templateKey = "tokenizer.chat_template"

    private func template() throws(GGUFError) -> String? {
        try metadata.string(Self.templateKey)
    }

    /// The templates besides the default one, as for tools.
    private func namedTemplates() throws(GGUFError) -> [(String, String?)] {
        var templates: [(String, String?)] = []
        for name in try metadata.strings("tokenizer.chat_templates") ?? [] where name != "default" {
            templates.append((name, try metadata.string("\(Self.templateKey).\(name)")))
        }
        return templates
    }
}
