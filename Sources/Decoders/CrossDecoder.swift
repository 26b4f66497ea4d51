package import Basics
internal import Checkpoints
package import Layers
package import Tensors

// JAM-Cross (Aiello et al., 2023, section 3.1): two towers joined by bridges, cross-attention layers
// between them. D and E are the hidden sizes of the text and image towers.

// MARK: - Config

/// The config of a Cross model.
package struct CrossConfig: Sendable, Equatable {
    /// The direction of the bridges.
    package enum Direction: String, Sendable, CaseIterable {
        case both
        case toText = "to-text"
        case toImage = "to-image"
    }

    /// The input of the output projection.
    package enum Head: String, Sendable, CaseIterable {
        /// A linear projection of both towers' concatenated hidden states to one hidden size (the
        /// paper).
        case mixed
        /// Both towers' hidden states, concatenated.
        case concatenated
    }

    /// The towers' input tables.
    package enum Embeddings: String, Sendable, CaseIterable {
        /// One table for both towers (the paper).
        case shared
        /// Each tower has its own.
        case perTower = "per_tower"
    }

    /// How the hidden states that a bridge reads are normalized.
    package enum BridgeNorm: String, Sendable, CaseIterable {
        /// Without parameters.
        case plain
        /// As the layer does whose attention the bridge begins as, with weights of its own.
        case affine
    }

    /// The layers after which a bridge follows, counted from zero.
    package struct Bridge: Sendable, Equatable {
        package var text: Int
        package var image: Int
    }

    static let modelType = "jam_cross"

    package var text: TowerConfig
    package var image: TowerConfig
    /// From the bottom up.
    package var bridges: [Bridge]
    package var direction: Direction
    package var bridgeNorm: BridgeNorm
    package var head: Head
    package var embeddings: Embeddings
    /// Unknown members of `config.json`, which are kept.
    package var others = JSON.Object()

    package init(
        text: TowerConfig,
        image: TowerConfig,
        bridges: [Bridge],
        direction: Direction,
        bridgeNorm: BridgeNorm = .affine,
        head: Head,
        embeddings: Embeddings
    ) {
        precondition(text.vocabularySize == image.vocabularySize, "towers share a vocabulary")
        self.text = text
        self.image = image
        self.bridges = bridges
        self.direction = direction
        self.bridgeNorm = bridgeNorm
        self.head = head
        self.embeddings = embeddings
    }

    /// A bridge after every `interval`-th layer of the deeper tower, at the same relative depth in the
    /// other.
    package static func bridges(every interval: Int, text: Int, image: Int) -> [Bridge] {
        let depth = max(text, image)
        return stride(from: interval, through: depth, by: interval).map { layer in
            Bridge(
                text: max(1, layer * text / depth) - 1,
                image: max(1, layer * image / depth) - 1
            )
        }
    }

    package init(_ reader: JSONReader) throws(JSONFieldError) {
        let towers = try reader.nested("towers")
        text = try TowerConfig(try towers.nested("text"))
        image = try TowerConfig(try towers.nested("image"))
        guard text.vocabularySize == image.vocabularySize else {
            throw reader.failure("towers", "the towers' vocabularies differ in size")
        }
        let bridges = try reader.nested("bridges")
        direction = try bridges.choice("direction")
        bridgeNorm = try bridges.choice("norm", default: .plain)
        var pairs: [Bridge] = []
        for element in try bridges.array("layers") {
            guard case .array(let pair) = element, pair.count == 2,
                case .integer(let text) = pair[0], case .integer(let image) = pair[1],
                (0..<self.text.layerCount).contains(text),
                (0..<self.image.layerCount).contains(image),
                text >= pairs.last?.text ?? 0, image >= pairs.last?.image ?? 0,
                Bridge(text: text, image: image) != pairs.last
            else {
                throw bridges.failure(
                    "layers",
                    "distinct pairs [text layer, image layer] in ascending order are expected"
                )
            }
            pairs.append(Bridge(text: text, image: image))
        }
        self.bridges = pairs
        head = try reader.choice("head")
        embeddings = try reader.choice("embeddings")
        guard head == .concatenated || text.hiddenSize == image.hiddenSize else {
            throw reader.failure("head", "\"mixed\" needs towers of one hidden size")
        }
        guard embeddings == .perTower || text.hiddenSize == image.hiddenSize else {
            throw reader.failure("embeddings", "\"shared\" needs towers of one hidden size")
        }
        let known = Set(json.keys + ["dtype", "torch_dtype"])
        for (key, value) in reader.object.members where !known.contains(key) {
            others[key] = value
        }
    }

    package var json: JSON.Object {
        var json: JSON.Object = [
            "architectures": ["JamCrossForCausalLM"],
            "model_type": .string(Self.modelType),
            "vocab_size": .integer(text.vocabularySize),
            "towers": ["text": .object(text.json), "image": .object(image.json)],
            "bridges": [
                "layers": .array(bridges.map { [.integer($0.text), .integer($0.image)] }),
                "direction": .string(direction.rawValue),
                "norm": .string(bridgeNorm.rawValue),
            ],
            "head": .string(head.rawValue),
            "embeddings": .string(embeddings.rawValue),
            "tie_word_embeddings": false,
        ]
        for (key, value) in others.members where json[key] == nil { json[key] = value }
        return json
    }
}

extension CrossConfig {
    /// Whether a checkpoint may have this weight although no layer uses it.
    func allowsUnused(_ name: String) -> Bool {
        for (path, tower) in towers where name.hasPrefix(path) {
            // The model has one head for both towers.
            let name = String(name.dropFirst(path.count))
            return name != TowerConfig.untiedHeadName && tower.allowsUnused(name)
        }
        return false
    }

    var towers: [(path: String, config: TowerConfig)] {
        [("towers.text.", text), ("towers.image.", image)]
    }
}

// MARK: - Model

/// Two towers that read the same tokens and attend to each other over bridges.
package final class CrossDecoder: LanguageModel {
    private let config: CrossConfig
    private let textEmbedding: Embedding
    private let imageEmbedding: Embedding
    private let text: Tower
    private let image: Tower
    private let bridges: [Bridge]
    private let mixer: Linear?
    package let head: Tensor  // [V, S]

    /// Declares `towers.text.…`, `towers.image.…`, `bridges.…`, `mixer`, `lm_head`.
    package init(_ config: CrossConfig, _ scope: ParameterScope) throws {
        self.config = config
        let vocabulary = config.text.vocabularySize
        let towers = scope / "towers"
        switch config.embeddings {
        case .shared:
            textEmbedding = try Embedding(
                vocabulary,
                config.text.hiddenSize,
                scope / "embed_tokens"
            )
            imageEmbedding = textEmbedding
        case .perTower:
            textEmbedding = try config.text.embedding(towers / "text")
            imageEmbedding = try config.image.embedding(towers / "image")
        }
        let text = try Tower(config.text, towers / "text")
        let image = try Tower(config.image, towers / "image")
        bridges = try config.bridges.indices.map {
            try Bridge(config, text: text, image: image, scope / "bridges" / $0)
        }
        (self.text, self.image) = (text, image)
        let width = config.text.hiddenSize + config.image.hiddenSize
        switch config.head {
        case .mixed: mixer = try Linear(width, config.text.hiddenSize, scope / "mixer")
        case .concatenated: mixer = nil
        }
        head = try (scope / "lm_head").parameter(
            "weight",
            [vocabulary, mixer == nil ? width : config.text.hiddenSize],
            role: .head,
            initially: .normal(std: 0.02)
        )
    }

    /// The hidden states [B, T, S] of both towers, projected or concatenated.
    package func hiddenStates(_ tokens: Tensor, cache: KeyValueCache?) -> Tensor {
        let step = DecodingStep(count: tokens.size(1), cache: cache)
        var x = text.input(textEmbedding(tokens), step)  // [B, T, D]
        var y = image.input(imageEmbedding(tokens), step)  // [B, T, E]
        var textLayer = 0
        var imageLayer = 0
        func run(text textEnd: Int, image imageEnd: Int) {
            while textLayer < textEnd {
                x = text.layer(textLayer, x, step)
                textLayer += 1
            }
            while imageLayer < imageEnd {
                y = image.layer(imageLayer, y, step)
                imageLayer += 1
            }
        }
        for (place, bridge) in zip(config.bridges, bridges) {
            run(text: place.text + 1, image: place.image + 1)
            (x, y) = bridge(x, y, step)
        }
        run(text: text.layerCount, image: image.layerCount)
        cache?.advance(by: tokens.size(1))
        let both = Tensor.concatenated([text.output(x), image.output(y)], along: 2)
        return mixer.map { $0(both) } ?? both
    }
}
