package import Basics
internal import Layers

extension TowerConfig {
    /// The `model_type` of two models concatenated along the hidden size; `family` names theirs.
    static let widthType = "jam_width"

    package init(_ reader: JSONReader) throws(JSONFieldError) {
        let type = try reader.string("model_type")
        let family: Family
        if type == Self.widthType {
            family = try reader.choice("family", default: .llama)
        } else {
            guard let found = try Family(modelType: type, reader) else {
                let known = DecoderConfig.knownTypes.filter { $0 != CrossConfig.modelType }
                throw reader.failure(
                    "model_type",
                    "\"\(type)\" is not known; known are \(known.quotedList)"
                )
            }
            guard !reader.has("norm_groups") else {
                throw reader.failure("norm_groups", "belongs to the model_type \"jam_width\"")
            }
            family = found
        }
        let members = try family.definition.members(reader)
        self = try family.definition.config(members)
        if type == Self.widthType {
            normGroups = try reader.integer("norm_groups", atLeast: 2)
        }
        try validate(reader)
        let known = Set(json.keys + family.definition.otherKeys + Self.fileKeys)
        for (key, value) in members.object.members where !known.contains(key) {
            others[key] = value
        }
        // What the whole model says about a text model within it.
        for (key, value) in reader.object.members
        where key.hasSuffix("_token_id") && others[key] == nil {
            others[key] = value
        }
        keepOthers(in: "text_config", members)
    }

    /// Keeps unknown members of an object that the family writes.
    private mutating func keepOthers(in key: String, _ reader: JSONReader) {
        guard case .object(let found) = reader.object[key], case .object(let written) = json[key]
        else { return }
        var unknown = JSON.Object()
        let known = Set(written.keys + family.definition.otherKeys)
        for (member, value) in found.members where !known.contains(member) {
            unknown[member] = value
        }
        if !unknown.members.isEmpty { others[key] = .object(unknown) }
    }

    /// Members about the folder itself, which are not kept.
    private static let fileKeys = [
        "_name_or_path", "quantization_config", "dtype", "torch_dtype", "norm_groups", "family",
    ]

    private func validate(_ reader: JSONReader) throws(JSONFieldError) {
        guard headWidth >= 2, headCount <= (1 << 24) / headWidth else {
            throw reader.failure(
                "head_dim",
                "\(headCount) heads of size \(headWidth) are not possible"
            )
        }
        guard headCount % keyValueHeadCount == 0 else {
            throw reader.failure(
                "num_key_value_heads",
                "\(keyValueHeadCount) does not divide \(headCount) heads"
            )
        }
        if case .rotary = parts.positions, headWidth % 2 != 0 {
            throw reader.failure(
                "head_dim",
                "\(headWidth) is odd; rotary positions need an even number"
            )
        }
        guard hiddenSize % normGroups == 0 else {
            throw reader.failure("norm_groups", "\(normGroups) does not divide \(hiddenSize)")
        }
        guard keyValueHeadCount % normGroups == 0 else {
            throw reader.failure(
                "norm_groups",
                "\(normGroups) does not divide \(keyValueHeadCount) key heads"
            )
        }
    }

    /// A `config.json`, which `transformers` reads if there is one norm group.
    package var json: JSON.Object {
        var json = family.definition.json(self)
        if normGroups > 1 {
            json["model_type"] = .string(Self.widthType)
            json["architectures"] = ["JamWidthForCausalLM"]
            json["norm_groups"] = .integer(normGroups)
            json["family"] = .string(family.rawValue)
        }
        for (key, value) in others.members {
            guard case .object(var own) = json[key], case .object(let unknown) = value else {
                if json[key] == nil { json[key] = value }
                continue
            }
            for (member, value) in unknown.members where own[member] == nil { own[member] = value }
            json[key] = .object(own)
        }
        return json
    }
}

extension [String] {
    var quotedList: String { map { "\"\($0)\"" }.joined(separator: ", ") }
}
