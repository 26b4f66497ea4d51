import Basics
import Checkpoints
import Decoders
import Layers
import Vocabulary

/// JAM-Cross (Aiello et al., section 3.1): two towers that read the same tokens, and bridges.
///
/// Where a bridge begins as the self-attention of the tower that it writes to, its queries are that
/// layer's in any case. Its keys and values read the other tower: they are that layer's where the
/// towers have one width, and fresh where they have not; with fresh ones the output projection
/// starts at zero, so that noise does not reach the tower.
struct Cross {
    private let parents: Parents
    private let interval: Int
    private let direction: CrossConfig.Direction
    private let start: CrossStart
    private let seed: UInt64

    init(
        _ parents: Parents,
        every interval: Int,
        direction: CrossConfig.Direction,
        start: CrossStart,
        seed: UInt64
    ) {
        self.parents = parents
        self.interval = interval
        self.direction = direction
        self.start = start
        self.seed = seed
    }

    func model() throws -> FusedModel {
        let config = try config()
        let rules = towers.merging(bridges(config)) { $1 }.merging(try tables()) { $1 }
        return FusedModel(
            config: json(config),
            declaration: try ParameterStore.declaration { try CrossDecoder(config, $0) },
            rules: rules,
            notes: notes
        )
    }

    // MARK: Config

    private func config() throws(FusionError) -> CrossConfig {
        let (text, image) = (parents.config(of: .text), parents.config(of: .image))
        guard !parents.space.image.isEmpty else {
            throw .noImageCodes(parent: parents.text.folder.path)
        }
        guard start != .paper || text.hiddenSize == image.hiddenSize else {
            throw .unlikeWidths(text: text.hiddenSize, image: image.hiddenSize)
        }
        let depth = max(text.layerCount, image.layerCount)
        guard interval <= depth else { throw .noBridges(every: interval, depth: depth) }
        return CrossConfig(
            text: text,
            image: image,
            bridges: CrossConfig.bridges(
                every: interval,
                text: text.layerCount,
                image: image.layerCount
            ),
            direction: direction,
            head: start == .paper ? .mixed : .concatenated,
            embeddings: start == .paper ? .shared : .perTower
        )
    }

    /// The config with the text parent's token numbers, which tools look for at the top.
    private func json(_ config: CrossConfig) -> JSON.Object {
        var object = config.json
        guard case .object(let text) = parents.text.folder.config else { return object }
        for key in ["bos_token_id", "eos_token_id", "pad_token_id"] { object[key] = text[key] }
        return object
    }

    private var sharesWidth: Bool {
        parents.text.config.hiddenSize == parents.image.config.hiddenSize
    }

    private var notes: [String] {
        guard !sharesWidth else { return [] }
        return [
            "the towers' widths differ: the bridges' keys and values start fresh, their output "
                + "projections at zero"
        ]
    }

    // MARK: Rules

    /// The layers of both parents as they are.
    private var towers: [String: TensorRule] {
        var rules: [String: TensorRule] = [:]
        for parent in [parents.text, parents.image] {
            for spec in parent.parameters where spec.role != .table && spec.role != .head {
                let weight = ParentWeight(parent: parent.role, name: spec.name)
                rules["towers.\(parent.role.rawValue).\(spec.name)"] = .copy(weight)
            }
        }
        return rules
    }

    private func bridges(_ config: CrossConfig) -> [String: TensorRule] {
        var rules: [String: TensorRule] = [:]
        for (index, place) in config.bridges.enumerated() {
            if direction != .toImage {
                addBridge("bridges.\(index).to_text.", of: parents.text, place.text, to: &rules)
            }
            if direction != .toText {
                addBridge("bridges.\(index).to_image.", of: parents.image, place.image, to: &rules)
            }
        }
        return rules
    }

    /// A bridge that begins as the self-attention of layer `index` of the parent that it writes to.
    private func addBridge(
        _ bridge: String,
        of parent: Parent,
        _ index: Int,
        to rules: inout [String: TensorRule]
    ) {
        let attention = parent.config.attentionPath(layer: index) + "."
        for spec in parent.parameters where spec.name.hasPrefix(attention) {
            let parts = spec.name.dropFirst(attention.count).split(separator: ".")
            let isOutput = parts[0] == parent.config.attentionOutputName
            let name = bridge + (isOutput ? "o_proj" : parts[0]) + "." + parts[1]
            let copy = TensorRule.copy(ParentWeight(parent: parent.role, name: spec.name))
            switch parts[0] {
            case "k_proj", "v_proj":
                let fresh: TensorRule =
                    spec.role == .bias ? .zero : .normal(deviation: 0.02, seed: seed)
                rules[name] = sharesWidth ? copy : fresh
            default: rules[name] = isOutput && start != .paper ? .zero : copy
            }
        }
    }

    /// Input tables, head and mixer.
    private func tables() throws(FusionError) -> [String: TensorRule] {
        if let union = parents.union { return try tables(over: union) }
        let imageRows = parents.space.image
        let (text, image) = (parents.text.config, parents.image.config)
        switch start {
        case .paper:
            return [
                "embed_tokens.weight": .rowsByModality(
                    text: text.tableName,
                    image: image.tableName,
                    imageRows: imageRows
                ),
                "mixer.weight": .mean,
                TowerConfig.untiedHeadName: .rowsByModality(
                    text: text.headName,
                    image: image.headName,
                    imageRows: imageRows
                ),
            ]
        case .preserving(let untrained):
            let token = try untrained.map { token throws(FusionError) in try number(ofToken: token)
            }
            func input(_ table: ParentWeight) -> TensorRule {
                token.map { .copyLearned(table, untrained: $0) } ?? .copy(table)
            }
            return [
                "towers.text." + text.tableName: input(.text(text.tableName)),
                "towers.image." + image.tableName: input(.image(image.tableName)),
                TowerConfig.untiedHeadName: .rowsByModalitySideBySide(
                    text: text.headName,
                    image: image.headName,
                    imageRows: imageRows
                ),
            ]
        }
    }

    /// The same over a union of vocabularies.
    private func tables(over union: TokenUnion) throws(FusionError) -> [String: TensorRule] {
        let (text, image) = (parents.text.config, parents.image.config)
        let head = { (layout: UnionTable.Layout) -> TensorRule in
            .union(UnionTable(text: text.headName, image: image.headName, layout, union))
        }
        let input = { (layout: UnionTable.Layout) -> TensorRule in
            .union(UnionTable(text: text.tableName, image: image.tableName, layout, union))
        }
        switch start {
        case .paper:
            return [
                "embed_tokens.weight": input(.byOwner),
                "mixer.weight": .mean,
                TowerConfig.untiedHeadName: head(.byOwner),
            ]
        case .preserving(let untrained):
            let token = try untrained.map { token throws(FusionError) in try number(ofToken: token)
            }
            /// The parent's row of the token, where it has one.
            func row(_ side: TokenUnion.Side) -> Int? {
                token.flatMap { side.has($0) ? side.map[$0].first.map(Int.init) : nil }
            }
            return [
                "towers.text." + text.tableName: input(.own(.text, untrained: row(union.text))),
                "towers.image." + image.tableName: input(
                    .own(.image, untrained: row(union.image))
                ),
                TowerConfig.untiedHeadName: head(.byOwnerSideBySide),
            ]
        }
    }

    /// The number of the token that is spelled so.
    private func number(ofToken spelling: String) throws(FusionError) -> Int {
        let tokens = parents.tokenizer.encodeWithAddedTokens(spelling)
        guard let token = tokens.first, tokens.count == 1 else {
            throw .untrainedToken(spelling, count: tokens.count)
        }
        return token
    }
}
