import Basics

/// The `post_processor` of a `tokenizer.json`: special tokens before and after a sequence, such as
/// `<s>`.
struct PostProcessor: Sendable, Equatable {
    var prefix: [TokenID] = []
    var suffix: [TokenID] = []

    init(_ reader: JSONReader) throws(JSONFieldError) {
        guard reader.has("post_processor") else { return }
        let step = try reader.nested("post_processor")
        for part in try step.steps("processors") {
            switch try part.string("type") {
            case "ByteLevel":  // about offsets only
                part.ignore("add_prefix_space", "trim_offsets", "use_regex")
            case "TemplateProcessing": try add(part)
            case "RobertaProcessing":
                part.ignore("add_prefix_space", "trim_offsets")
                prefix.insert(try Self.token(part, "cls"), at: 0)
                suffix.append(try Self.token(part, "sep"))
            case let other:
                throw part.failure(
                    "type",
                    "\(other.quoted()) is not supported; supported are \"ByteLevel\", "
                        + "\"RobertaProcessing\", \"TemplateProcessing\" and a \"Sequence\" of them"
                )
            }
        }
    }

    init(suffix: [TokenID] = []) { self.suffix = suffix }

    /// The `post_processor` that puts tokens around each sequence; null without any.
    static func json(beginningWith first: AddedToken? = nil, endingWith last: AddedToken?) -> JSON {
        let tokens = [first, last].compactMap { $0 }
        guard !tokens.isEmpty else { return .null }
        func special(_ token: AddedToken?, _ type: Int) -> [JSON] {
            guard let token else { return [] }
            return [["SpecialToken": ["id": .string(token.spelling), "type_id": .integer(type)]]]
        }
        func template(_ sequences: [String]) -> JSON {
            .array(
                sequences.enumerated().flatMap { type, name -> [JSON] in
                    let sequence: JSON = ["id": .string(name), "type_id": .integer(type)]
                    return special(first, type) + [["Sequence": sequence]] + special(last, type)
                }
            )
        }
        var entries = JSON.Object()
        for token in tokens {
            let name = JSON.string(token.spelling)
            entries[token.spelling] = ["id": name, "ids": [.integer(token.id)], "tokens": [name]]
        }
        return [
            "type": "TemplateProcessing",
            "single": template(["A"]),
            "pair": template(["A", "B"]),
            "special_tokens": .object(entries),
        ]
    }

    /// Reads a token as its string and id.
    private static func token(_ reader: JSONReader, _ key: String) throws(JSONFieldError) -> TokenID
    {
        let sides = try reader.array(key)
        guard sides.count == 2, case .string = sides[0], case .integer(let id) = sides[1] else {
            throw reader.failure(key, "the string and the id of a token are expected")
        }
        return id
    }

    private mutating func add(_ reader: JSONReader) throws(JSONFieldError) {
        reader.ignore("pair")  // pairs of sequences are never encoded
        let known = try reader.nested("special_tokens")
        for name in known.object.keys { _ = known.has(name) }
        var before: [TokenID] = []
        var after: [TokenID] = []
        var isAfter = false
        for element in try reader.objects("single") {
            if element.has("Sequence") {
                guard !isAfter else {
                    throw reader.failure("single", "has two sequences; expected is one")
                }
                isAfter = true
                let sequence = try element.nested("Sequence")
                sequence.ignore("id", "type_id")
                continue
            }
            let token = try element.nested("SpecialToken")
            token.ignore("type_id")
            let name = try token.string("id")
            guard known.object[name] != nil else {
                throw reader.failure("single", "\(name.quoted()) is not among the special_tokens")
            }
            let entry = try known.nested(name)
            entry.ignore("id", "tokens")
            let ids = try entry.integers("ids")
            if isAfter { after += ids } else { before += ids }
        }
        guard isAfter else { throw reader.failure("single", "has no sequence; expected is one") }
        prefix = before + prefix
        suffix += after
    }

    /// Adds the tokens before and after a sequence, unless they are already there.
    func postProcessed(_ tokens: [TokenID]) -> [TokenID] {
        let isPrefixed = tokens.starts(with: prefix)
        let isSuffixed = tokens.reversed().starts(with: suffix.reversed())
        return (isPrefixed ? [] : prefix) + tokens + (isSuffixed ? [] : suffix)
    }
}
