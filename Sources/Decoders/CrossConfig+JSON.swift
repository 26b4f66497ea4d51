package import Basics

extension CrossConfig {
    package init(_ reader: JSONReader) throws(JSONFieldError) {
        let towers = try reader.nested("towers")
        let text = try TowerConfig(try towers.nested("text"))
        let image = try TowerConfig(try towers.nested("image"))
        guard text.vocabularySize == image.vocabularySize else {
            throw reader.failure("towers", "the towers' vocabularies differ in size")
        }
        let bridges = try reader.nested("bridges")
        self.init(
            text: text,
            image: image,
            bridges: try Self.bridges(bridges, text.layerCount, image.layerCount),
            norms: try bridges.choice("norms", default: .plain),
            head: try reader.choice("head"),
            embeddings: try reader.choice("embeddings")
        )
        gate = try bridges.choice("gate", default: Gate.none)
        attends = try Self.perTower("attends", in: bridges, default: .all)
        writes = try bridges.choice("writes", default: Writes.all)
        reads = try Self.perTower("reads", in: reader, default: .all)
        imageTokens = try Self.imageTokens(reader, text.vocabularySize)
        textHeadRows = try Self.textHeadRows(reader, text.vocabularySize)
        guard head != .mixed || text.hiddenSize == image.hiddenSize else {
            throw reader.failure("head", "\"mixed\" needs towers of one hidden size")
        }
        guard embeddings == .perTower || text.hiddenSize == image.hiddenSize else {
            throw reader.failure("embeddings", "\"shared\" needs towers of one hidden size")
        }
        guard treatsTokensAlike && !head.isTextOwn || imageTokens != nil else {
            throw reader.failure(
                Self.imageTokensKey,
                "is missing; it says which tokens are the image tower's"
            )
        }
        guard writes == .all || imageTokens?.altText != nil else {
            throw reader.failure(
                Self.altTokenKey,
                "is missing; bridges that write where images are drawn need it"
            )
        }
        if head.isTextOwn {
            let isAtEnd =
                imageTokens?.ranges.count == 1
                && imageTokens?.ranges.last?.upperBound == text.vocabularySize
            guard isAtEnd, embeddings == .perTower else {
                throw reader.failure(
                    "head",
                    "\"\(head.rawValue)\" needs an input table for each tower, and image tokens that "
                        + "follow all text tokens"
                )
            }
        }
        let known = Set(json.keys + ["dtype", "torch_dtype"])
        for (key, value) in reader.object.members where !known.contains(key) {
            others[key] = value
        }
    }

    package var json: JSON.Object {
        var bridges: JSON.Object = [
            "layers": .array(self.bridges.map { $0.json(among: commonDirection) })
        ]
        if let direction = commonDirection { bridges["direction"] = .string(direction.rawValue) }
        bridges["norms"] = .string(norms.rawValue)
        if attends != PerTower(.all) { bridges["attends"] = attends.json }
        if writes != .all { bridges["writes"] = .string(writes.rawValue) }
        if gate != .none { bridges["gate"] = .string(gate.rawValue) }
        var json: JSON.Object = [
            "architectures": ["JamCrossForCausalLM"],
            "model_type": .string(Self.modelType),
            "vocab_size": .integer(text.vocabularySize),
            "towers": ["text": .object(text.json), "image": .object(image.json)],
            "bridges": .object(bridges),
            "head": .string(head.rawValue),
            "embeddings": .string(embeddings.rawValue),
            "tie_word_embeddings": false,
        ]
        if reads != PerTower(.all) { json["reads"] = reads.json }
        if let imageTokens {
            json[Self.imageTokensKey] = .array(imageTokens.ranges.map(\.json))
            json[Self.imageCodesKey] = imageTokens.codes.json
            json[Self.altTokenKey] = imageTokens.altText.map(JSON.integer)
        }
        if let textHeadRows { json[Self.textHeadRowsKey] = .integer(textHeadRows) }
        for (key, value) in others.members where json[key] == nil { json[key] = value }
        return json
    }

    private static let imageTokensKey = "image_tokens"
    private static let imageCodesKey = "image_codes"
    private static let altTokenKey = "alt_token"
    private static let textHeadRowsKey = "text_head_rows"

    private static func textHeadRows(_ reader: JSONReader, _ rows: Int) throws(JSONFieldError)
        -> Int?
    {
        reader.has(textHeadRowsKey)
            ? try reader.integer(textHeadRowsKey, atLeast: 1, atMost: rows) : nil
    }

    /// The direction of all bridges, if it is one.
    private var commonDirection: Direction? {
        guard let first = bridges.first else { return .both }
        return bridges.allSatisfy { $0.direction == first.direction } ? first.direction : nil
    }

    /// Pairs of layers in ascending order, each maybe with a direction of its own.
    private static func bridges(_ reader: JSONReader, _ textLayers: Int, _ imageLayers: Int)
        throws(JSONFieldError) -> [Bridge]
    {
        let common: Direction? = reader.has("direction") ? try reader.choice("direction") : nil
        var bridges: [Bridge] = []
        for element in try reader.array("layers") {
            guard let bridge = Bridge(element, common),
                (0..<textLayers).contains(bridge.text), (0..<imageLayers).contains(bridge.image),
                bridge.text >= bridges.last?.text ?? 0, bridge.image >= bridges.last?.image ?? 0,
                bridges.last.map({ $0.text < bridge.text || $0.image < bridge.image }) ?? true
            else {
                throw reader.failure(
                    "layers",
                    "distinct pairs [text layer, image layer] in ascending order are expected, "
                        + "with a \"direction\" for all or a third element for each"
                )
            }
            bridges.append(bridge)
        }
        return bridges
    }

    private static func perTower<Value: RawRepresentable & CaseIterable & Sendable & Equatable>(
        _ key: String,
        in reader: JSONReader,
        default value: Value
    ) throws(JSONFieldError) -> PerTower<Value> where Value.RawValue == String {
        guard reader.has(key) else { return PerTower(value) }
        let towers = try reader.nested(key)
        let found = PerTower<Value>(
            text: try towers.choice("text"),
            image: try towers.choice("image")
        )
        try towers.finish()
        return found
    }

    private static func imageTokens(_ reader: JSONReader, _ rows: Int) throws(JSONFieldError)
        -> ImageTokens?
    {
        guard reader.has(imageTokensKey) else { return nil }
        var ranges: [Range<Int>] = []
        for element in try reader.array(imageTokensKey) {
            guard let range = Range(element), range.lowerBound > ranges.last?.upperBound ?? -1,
                range.upperBound <= rows
            else {
                throw reader.failure(
                    imageTokensKey,
                    "pairs [first token, last token] below vocab_size in ascending order are expected"
                )
            }
            ranges.append(range)
        }
        guard let codes = reader.object[imageCodesKey].flatMap(Range.init),
            ranges.contains(where: { $0.clamped(to: codes) == codes })
        else {
            throw reader.failure(
                imageCodesKey,
                "a pair [first code, last code] inside \(imageTokensKey) is expected"
            )
        }
        guard reader.has(altTokenKey) else { return ImageTokens(ranges: ranges, codes: codes) }
        let altText = try reader.integer(altTokenKey)
        guard !codes.contains(altText), ranges.contains(where: { $0.contains(altText) }) else {
            throw reader.failure(
                altTokenKey,
                "a token of \(imageTokensKey) that is no code is expected"
            )
        }
        return ImageTokens(ranges: ranges, codes: codes, altText: altText)
    }
}

extension CrossConfig.Head {
    /// Whether text tokens have the text tower's own head.
    package var isTextOwn: Bool { self == .own || self == .seeing }
}

extension CrossConfig.PerTower where Value: RawRepresentable, Value.RawValue == String {
    fileprivate var json: JSON {
        ["text": .string(text.rawValue), "image": .string(image.rawValue)]
    }
}

extension CrossConfig.Bridge {
    fileprivate func json(among common: CrossConfig.Direction?) -> JSON {
        let layers: [JSON] = [.integer(text), .integer(image)]
        return .array(common == nil ? layers + [.string(direction.rawValue)] : layers)
    }

    fileprivate init?(_ json: JSON, _ common: CrossConfig.Direction?) {
        guard case .array(let parts) = json, parts.count == (common == nil ? 3 : 2),
            case .integer(let text) = parts[0], case .integer(let image) = parts[1]
        else { return nil }
        guard let common else {
            guard case .string(let name) = parts[2], let own = CrossConfig.Direction(rawValue: name)
            else { return nil }
            self.init(text: text, image: image, own)
            return
        }
        self.init(text: text, image: image, common)
    }
}

extension Range<Int> {
    /// A pair of the first and the last element.
    fileprivate init?(_ json: JSON) {
        guard case .array(let pair) = json, pair.count == 2, case .integer(let first) = pair[0],
            case .integer(let last) = pair[1], first >= 0, last >= first, last < Int.max
        else { return nil }
        self = first..<last + 1
    }

    fileprivate var json: JSON { [.integer(lowerBound), .integer(upperBound - 1)] }
}
