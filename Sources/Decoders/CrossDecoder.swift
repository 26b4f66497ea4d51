package import Basics
internal import Checkpoints
package import Layers
package import Tensors

// JAM-Cross (Aiello et al., 2023, section 3.1): two towers joined by bridges of cross-attention.
// D, E the widths of the text and of the image tower.

// MARK: - Config

/// The sizes of a Cross model and how its parts are joined.
package struct CrossConfig: Sendable, Equatable {
    /// Which way states flow over a bridge.
    package enum Direction: String, Sendable, CaseIterable {
        case both
        case toText = "to-text"
        case toImage = "to-image"
    }

    /// What the output projection reads.
    package enum Head: String, Sendable, CaseIterable {
        /// Both towers' states mixed down to one width by a linear layer (the paper).
        case mixed
        /// Both towers' states side by side.
        case concatenated
    }

    /// Where the towers' input tables are.
    package enum Embeddings: String, Sendable, CaseIterable {
        /// One table for both towers (the paper).
        case shared
        /// Each tower has its own.
        case perTower = "per_tower"
    }

    /// A place where the towers meet: after these layers, counted from zero.
    package struct Bridge: Sendable, Equatable {
        /// The layer of the text tower.
        package var text: Int
        /// The layer of the image tower.
        package var image: Int

        /// Joins two layers.
        package init(text: Int, image: Int) {
            self.text = text
            self.image = image
        }
    }

    /// What `config.json` calls a Cross model.
    static let modelType = "jam_cross"

    /// The text tower.
    package var text: TowerConfig
    /// The image tower.
    package var image: TowerConfig
    /// The bridges from the bottom up.
    package var bridges: [Bridge]
    /// Which way they lead.
    package var direction: Direction
    /// What the head reads.
    package var head: Head
    /// Where the input tables are.
    package var embeddings: Embeddings
    /// The members of `config.json` that say nothing to us and are kept.
    package var others = JSON.Object()

    /// Joins two towers over one vocabulary.
    package init(
        text: TowerConfig,
        image: TowerConfig,
        bridges: [Bridge],
        direction: Direction,
        head: Head,
        embeddings: Embeddings
    ) {
        precondition(text.vocabularySize == image.vocabularySize, "towers share a vocabulary")
        self.text = text
        self.image = image
        self.bridges = bridges
        self.direction = direction
        self.head = head
        self.embeddings = embeddings
    }

    /// A bridge after every `interval`-th layer of the deeper tower, spread over the other's depth.
    package static func bridges(every interval: Int, text: Int, image: Int) -> [Bridge] {
        let depth = max(text, image)
        return stride(from: interval, through: depth, by: interval).map { layer in
            Bridge(
                text: max(1, layer * text / depth) - 1,
                image: max(1, layer * image / depth) - 1
            )
        }
    }

    /// Reads the members of a `config.json`.
    package init(_ reader: JSONReader) throws(JSONFieldError) {
        let towers = try reader.nested("towers")
        text = try TowerConfig(try towers.nested("text"))
        image = try TowerConfig(try towers.nested("image"))
        guard text.vocabularySize == image.vocabularySize else {
            throw reader.failure("towers", "the towers' vocabularies differ in size")
        }
        let bridges = try reader.nested("bridges")
        direction = try bridges.choice("direction")
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
                    "unlike pairs [text layer, image layer] in rising order are expected"
                )
            }
            pairs.append(Bridge(text: text, image: image))
        }
        self.bridges = pairs
        head = try reader.choice("head")
        embeddings = try reader.choice("embeddings")
        guard head == .concatenated || text.hiddenSize == image.hiddenSize else {
            throw reader.failure("head", "\"mixed\" needs towers of one width")
        }
        guard embeddings == .perTower || text.hiddenSize == image.hiddenSize else {
            throw reader.failure("embeddings", "\"shared\" needs towers of one width")
        }
        let known = Set(json.keys + ["dtype", "torch_dtype"])
        for (key, value) in reader.object.members where !known.contains(key) {
            others[key] = value
        }
    }

    /// The `config.json` of this model.
    package var json: JSON.Object {
        var json: JSON.Object = [
            "architectures": ["JamCrossForCausalLM"],
            "model_type": .string(Self.modelType),
            "vocab_size": .integer(text.vocabularySize),
            "towers": ["text": .object(text.json), "image": .object(image.json)],
            "bridges": [
                "layers": .array(bridges.map { [.integer($0.text), .integer($0.image)] }),
                "direction": .string(direction.rawValue),
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
    /// Whether a checkpoint may have a weight of a tower that no layer asks for.
    func mayLeaveOver(_ name: String) -> Bool {
        for (path, tower) in towers where name.hasPrefix(path) {
            // A tower's own head is not kept: the model has one for both.
            let name = String(name.dropFirst(path.count))
            return name != TowerConfig.untiedHeadName && tower.mayLeaveOver(name)
        }
        return false
    }

    /// The two towers, and where their weights are.
    var towers: [(path: String, config: TowerConfig)] {
        [("towers.text.", text), ("towers.image.", image)]
    }
}

// MARK: - Bridge

/// The cross-attention between the towers at one place; both ways read the states of before.
///
/// It is made as the attention of the tower that it writes to, with its biases, its norms of heads
/// and its positions. CM3Leon's norms have no parameters, and neither has the norm of what a bridge
/// reads; it is of the kind of the tower that the states come from.
final class Bridge {
    private let toText: Attention?
    private let toImage: Attention?
    private let textNorm: Norm
    private let imageNorm: Norm

    init(_ config: CrossConfig, text: Tower, image: Tower, _ scope: ParameterScope) throws {
        func attention(
            _ to: TowerConfig,
            _ tower: Tower,
            from width: Int,
            _ scope: ParameterScope
        ) throws -> Attention {
            var shape = to.attention
            shape.sourceWidth = width
            var fresh = FreshWeights.usual
            fresh.residual = .constant(0)
            return try Attention(shape, rotary: tower.rotary, fresh: fresh, scope)
        }
        let (textWidth, imageWidth) = (config.text.hiddenSize, config.image.hiddenSize)
        toText =
            config.direction == .toImage
            ? nil : try attention(config.text, text, from: imageWidth, scope / "to_text")
        toImage =
            config.direction == .toText
            ? nil : try attention(config.image, image, from: textWidth, scope / "to_image")
        textNorm = Norm(bare: config.text.parts.norm)
        imageNorm = Norm(bare: config.image.parts.norm)
    }

    func callAsFunction(_ text: Tensor, _ image: Tensor, _ step: DecodingStep) -> (Tensor, Tensor) {
        let textNormed = textNorm(text)  // [B, T, D]
        let imageNormed = imageNorm(image)  // [B, T, E]
        return (
            toText.map { text + $0(textNormed, to: imageNormed, step) } ?? text,
            toImage.map { image + $0(imageNormed, to: textNormed, step) } ?? image
        )
    }
}

// MARK: - Model

/// Two towers that read the same tokens and attend to each other.
package final class CrossDecoder: LanguageModel {
    private let config: CrossConfig
    private let textEmbedding: Embedding
    private let imageEmbedding: Embedding
    private let text: Tower
    private let image: Tower
    private let bridges: [Bridge]
    private let mixer: Linear?
    /// The output projection [V, S].
    package let head: Tensor

    /// States all weights at `scope`: `towers.text.…`, `towers.image.…`, `bridges.…`, `lm_head`.
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
            initially: .normal(deviation: 0.02)
        )
    }

    /// The states [B, T, S] of both towers, mixed or side by side.
    package func hiddenStates(_ tokens: Tensor, cache: KeyValueCache?) -> Tensor {
        let step = DecodingStep(count: tokens.size(1), cache: cache)
        var x = text.placed(textEmbedding(tokens), step)  // [B, T, D]
        var y = image.placed(imageEmbedding(tokens), step)  // [B, T, E]
        var textLayer = 0
        var imageLayer = 0
        func climb(toText textEnd: Int, image imageEnd: Int) {
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
            climb(toText: place.text + 1, image: place.image + 1)
            (x, y) = bridge(x, y, step)
        }
        climb(toText: text.layerCount, image: image.layerCount)
        cache?.advance(by: tokens.size(1))
        let both = Tensor.concatenated([text.finalNorm(x), image.finalNorm(y)], along: 2)
        return mixer.map { $0(both) } ?? both
    }
}
