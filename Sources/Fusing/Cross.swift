import Basics
import Checkpoints
import Decoders
import Layers
import Vocabulary

/// JAM-Cross (Aiello et al., section 3.1): two towers that read the tokens of a document, and bridges,
/// layers of cross-attention between them.
///
/// A bridge is initialized with the self-attention of its layer in the tower that it writes to, and
/// its norms with the norm before it: on the layer's own hidden states it computes what the layer's
/// attention computes. Its keys and values read the other tower: where the widths of the towers
/// differ they are initialized at random, with the output projection at zero, so that the tower gets
/// no noise.
struct Cross {
    let parents: Parents
    let options: CrossOptions
    let seed: UInt64

    func model() throws -> FusedModel {
        let config = try config()
        var rules = try tables(config)
        for parent in [parents.text, parents.image] {
            for spec in parent.parameters where spec.role != .table && spec.role != .head {
                rules["towers.\(parent.role.rawValue).\(spec.name)"] = .copy(
                    try parent.weight(spec.name)
                )
            }
        }
        for (index, place) in config.bridges.enumerated() {
            if place.direction != .toImage {
                rules.merge(try bridge("bridges.\(index).to_text.", .text, layer: place.text)) {
                    $1
                }
            }
            if place.direction != .toText {
                rules.merge(try bridge("bridges.\(index).to_image.", .image, layer: place.image)) {
                    $1
                }
            }
        }
        return FusedModel(
            config: json(config),
            declaration: try ParameterStore.declaration { try CrossDecoder(config, $0) },
            rules: rules,
            notes: notes(config)
        )
    }

    private func config() throws -> CrossConfig {
        let (text, image) = (parents.config(of: .text), parents.config(of: .image))
        guard !parents.space.image.isEmpty else {
            throw FusionError.noImageCodes(parent: parents.text.folder.path)
        }
        guard options.start != .paper || text.hiddenSize == image.hiddenSize else {
            throw FusionError.unlikeWidths(text: text.hiddenSize, image: image.hiddenSize)
        }
        let depth = max(text.layerCount, image.layerCount)
        for interval in [options.intervals.text, options.intervals.image] {
            guard let interval, interval > depth else { continue }
            throw FusionError.noBridges(every: interval, depth: depth)
        }
        var config = CrossConfig(
            text: text,
            image: image,
            bridges: CrossConfig.bridges(
                every: options.intervals,
                text: text.layerCount,
                image: image.layerCount
            ),
            norms: .own,
            head: options.head,
            embeddings: options.start == .paper ? .shared : .perTower
        )
        (config.reads, config.attends) = (options.reads, options.attends)
        let writesToImage = config.bridges.contains { $0.direction != .toText }
        config.writes = writesToImage ? options.writes : .all
        config.gate = options.gate
        if options.needsImageTokens { config.imageTokens = try imageTokens() }
        guard config.writes == .all || config.imageTokens?.altText != nil else {
            throw FusionError.noAltText
        }
        let headRows = parents.text.config.vocabularySize
        if config.head.isTextOwn, headRows > config.textRows { config.textHeadRows = headRows }
        return config
    }

    /// What the text parent lacks, where that follows its own tokens; otherwise image codes and the
    /// tokens of their frame.
    private func imageTokens() throws -> CrossConfig.ImageTokens {
        let (vocabulary, codes) = (parents.vocabulary, parents.space.image)
        let textCount = parents.text.tokenizer.space.count
        if vocabulary.isUnion, textCount <= codes.lowerBound {
            let altText = parents.space.specialTokens[.altText]
            return CrossConfig.ImageTokens(
                ranges: [textCount..<vocabulary.rows],
                codes: codes,
                altText: altText.flatMap { $0 < textCount ? nil : $0 }
            )
        }
        guard options.textHead == .both else {
            throw FusionError.textRows(options.textHead.rawValue)
        }
        var tokens = RangeSet<TokenID>()
        tokens.insert(contentsOf: codes)
        for token in try parents.frameTokens() { tokens.insert(contentsOf: token..<token + 1) }
        return CrossConfig.ImageTokens(ranges: Array(tokens.ranges), codes: codes)
    }

    /// The config with the text parent's token ids at the top, where tools look for them.
    private func json(_ config: CrossConfig) -> JSON.Object {
        var object = config.json
        guard case .object(let text) = parents.text.folder.config else { return object }
        for key in ["bos_token_id", "eos_token_id", "pad_token_id"] { object[key] = text[key] }
        return object
    }

    private var sharesWidth: Bool {
        parents.text.config.hiddenSize == parents.image.config.hiddenSize
    }

    private func notes(_ config: CrossConfig) -> [String] {
        var notes: [String] = []
        if !sharesWidth, !config.bridges.isEmpty {
            notes.append(
                "the hidden sizes of the towers differ: keys and values of the bridges get a normal "
                    + "initialization, their \(beginsAtZero ? "output projections" : "gates") are zero"
            )
        }
        let (textLength, imageLength) = (config.text.contextLength, config.image.contextLength)
        if DecoderConfig.cross(config).contextLength > imageLength {
            notes.append(
                "the context is the text parent's, \(textLength) tokens; the image parent was trained "
                    + "on \(imageLength), beyond which images get worse"
            )
        }
        if config.reads.text == .own, parents.vocabulary.added.contains("<|user|>") {
            notes.append(
                "neither parent has a chat template: the text tower passes over the added tokens for "
                    + "roles, too"
            )
        }
        return notes
    }

    /// A bridge that begins as the self-attention of a layer of the tower that it writes to.
    private func bridge(_ path: String, _ role: Parent.Role, layer: Int) throws(FusionError)
        -> [String: TensorRule]
    {
        let (own, other) =
            role == .text ? (parents.text, parents.image) : (parents.image, parents.text)
        let attention = own.config.attentionPath(layer: layer) + "."
        var rules: [String: TensorRule] = [:]
        for spec in own.parameters where spec.name.hasPrefix(attention) {
            let weight = try own.weight(spec.name)
            let parts = spec.name.dropFirst(attention.count).split(separator: ".")
            for (name, rows) in Self.projections(parts[0], spec) {
                let isOutput = name == own.config.attentionOutputName
                let readsOther = ["k_proj", "v_proj"].contains(name)
                let shape = MatrixShape(rows: rows.count, columns: weight.shape.columns)
                let rule: TensorRule
                if readsOther, !sharesWidth {
                    let size = MatrixShape(
                        rows: rows.count,
                        columns: other.config.hiddenSize
                    )
                    rule =
                        spec.role == .bias
                        ? .zero(shape) : .normal(size, deviation: 0.02, seed: seed)
                } else {
                    rule =
                        beginsAtZero && isOutput ? .zero(shape) : .copy(weight, rows: rows)
                }
                rules[path + (isOutput ? "o_proj" : name) + "." + parts[1]] = rule
            }
        }
        if let size = options.gate.size(of: own.config) {
            rules[path + BridgeNames.gate] = .zero(MatrixShape(rows: size, columns: 1))
        }
        return rules.merging(try norms(path, own, layer: layer, other)) { $1 }
    }

    /// Whether output projections are zero, and not gates, behind which they would learn nothing.
    private var beginsAtZero: Bool { options.start != .paper && options.gate == .none }

    /// The norms of a bridge, if the norm before the attention that it copies has weights.
    private func norms(_ path: String, _ own: Parent, layer: Int, _ other: Parent)
        throws(FusionError) -> [String: TensorRule]
    {
        guard let norm = own.config.attentionNormPath(layer: layer) else { return [:] }
        let name = norm + "."
        var rules: [String: TensorRule] = [:]
        for spec in own.parameters where spec.name.hasPrefix(name) {
            let weight = try own.weight(spec.name)
            let part = String(spec.name.dropFirst(name.count))
            rules["\(path)\(BridgeNames.inputNorm).\(part)"] = .copy(weight)
            let size = MatrixShape(rows: other.config.hiddenSize, columns: 1)
            rules["\(path)\(BridgeNames.sourceNorm).\(part)"] =
                sharesWidth
                ? .copy(weight)
                : part == "bias" ? .zero(size) : .constant(own.config.parts.norm.unitWeight, size)
        }
        return rules
    }

    /// The projections in a weight of attention and their rows: three where they are stacked.
    private static func projections(_ name: Substring, _ spec: ParameterSpec)
        -> [(name: String, rows: Range<Int>)]
    {
        guard !spec.sections.isEmpty else {
            return [(String(name), 0..<(spec.shape.first ?? 1))]
        }
        var start = 0
        return zip(["q_proj", "k_proj", "v_proj"], spec.sections).map { name, count in
            defer { start += count }
            return (name, start..<start + count)
        }
    }

    /// Input tables, head and mixer.
    private func tables(_ config: CrossConfig) throws -> [String: TensorRule] {
        let (tables, heads) = (try parents.tables(), try parents.heads())
        switch options.start {
        case .paper:
            return [
                "embed_tokens.weight": tables.byOwner(),
                "mixer.weight": .mean(width: parents.text.config.hiddenSize),
                TowerConfig.untiedHeadName: heads.byOwner(),
            ]
        case .preserving(let spelling):
            let token = try untrainedToken(spelling)
            var rules = [
                "towers.text." + tables.text.name: tables.copy(
                    .text,
                    // Rows of a table that is a head too are what the parent says.
                    untrained: config.head.isTextOwn && config.text.tiesEmbeddings ? nil : token
                ),
                "towers.image." + tables.image.name: tables.copy(
                    .image,
                    untrained: config.head == .seeing && config.image.tiesEmbeddings ? nil : token,
                    boundary: boundary
                ),
            ]
            guard config.head.isTextOwn, let first = config.imageTokens?.ranges.first else {
                rules[TowerConfig.untiedHeadName] = heads.byOwnerSideBySide()
                return rules
            }
            let textRows = 0..<first.lowerBound
            for (role, parent) in [(Parent.Role.text, parents.text), (.image, parents.image)]
            where !parent.config.tiesEmbeddings && (role == .text || config.head == .seeing) {
                let rows = role == .text ? config.textHeadRows ?? textRows.count : textRows.count
                rules["towers.\(role.rawValue).\(TowerConfig.untiedHeadName)"] =
                    heads.copy(role).rows(0..<rows)
            }
            rules[TowerConfig.untiedHeadName] =
                heads.byOwnerSideBySide().rows(textRows.upperBound..<parents.vocabulary.rows)
            if config.head == .seeing {
                let width = config.text.hiddenSize + config.image.hiddenSize
                rules["lm_head.gate.weight"] = .zero(MatrixShape(rows: 2, columns: width))
                rules["lm_head.gate.bias"] = .zero(MatrixShape(rows: 2, columns: 1))
            }
            return rules
        }
    }

    /// What the image tower reads for special tokens that only the text parent has: its end of text.
    ///
    /// Zero would stay zero through all layers in the first position, where templates have such a
    /// token, and the gradients of the norms there grow beyond all numbers (decision 13).
    private var boundary: VocabularyRules.Boundary? {
        guard parents.vocabulary.isUnion,
            let end = parents.image.tokenizer.space.specialTokens[.end]
        else { return nil }
        return VocabularyRules.Boundary(
            tokens: 0..<parents.text.tokenizer.space.count,
            row: end
        )
    }

    private func untrainedToken(_ spelling: String?) throws(FusionError) -> TokenID? {
        guard let spelling else { return nil }
        let tokens = parents.vocabulary.tokenizer.encodeWithAddedTokens(spelling)
        guard tokens.count == 1 else {
            throw .untrainedToken(spelling, count: tokens.count)
        }
        return tokens[0]
    }
}

extension CrossOptions {
    fileprivate var head: CrossConfig.Head {
        switch textHead {
        case .both: start == .paper ? .mixed : .concatenated
        case .own: .own
        case .seeing: .seeing
        }
    }
}
