package import Basics

// JAM-Cross (Aiello et al., 2023, section 3.1): two towers joined by bridges, cross-attention layers
// between them.

/// The config of a Cross model.
package struct CrossConfig: Sendable, Equatable {
    /// A value for each tower.
    package struct PerTower<Value: Sendable & Equatable>: Sendable, Equatable {
        package var text: Value
        package var image: Value

        package init(text: Value, image: Value) {
            self.text = text
            self.image = image
        }

        /// The same for both.
        package init(_ value: Value) { self.init(text: value, image: value) }
    }

    /// The towers that a bridge writes to.
    package enum Direction: String, Sendable, CaseIterable {
        case both
        case toText = "to-text"
        case toImage = "to-image"

        var writesToText: Bool { self != .toImage }
        var writesToImage: Bool { self != .toText }
    }

    /// The tokens that a tower reads.
    package enum Reads: String, Sendable, CaseIterable {
        /// All of a document (the paper).
        case all
        /// Those of its own modality: the tower passes over the others and counts positions without
        /// them. After such a token its hidden state is that of its last own one.
        case own
    }

    /// The positions that the bridges into a tower attend to, up to the tower's own.
    package enum Attends: String, Sendable, CaseIterable {
        /// All (the paper).
        case all
        /// Those of the other modality: image codes into the text tower, text into the image tower.
        /// Where there are none, the bridge adds nothing.
        case foreign
    }

    /// Where bridges write to the image tower.
    package enum Writes: String, Sendable, CaseIterable {
        /// Everywhere (the paper).
        case all
        /// From the token that begins an image's alternative text until text follows its codes: what the
        /// image tower says of images that come without one, as those that a user shows, stays its own.
        case drawn
    }

    /// What multiplies the output of a bridge: the tanh of a weight that is zero at first (Alayrac et
    /// al., 2022, "Flamingo", section 2.2).
    package enum Gate: String, Sendable, CaseIterable {
        /// Nothing (the paper).
        case none
        /// One weight a bridge.
        case scalar
        /// A weight for each feature.
        case vector
    }

    /// How hidden states become logits.
    package enum Head: String, Sendable, CaseIterable {
        /// A linear projection of both towers' concatenated hidden states to one hidden size (the
        /// paper).
        case mixed
        /// Both towers' hidden states, concatenated.
        case concatenated
        /// Text tokens by the text tower alone, with its own head; image tokens by both towers.
        case own
        /// As ``own``; in an alternative text the sum of both towers' own logits of text tokens. A
        /// weighted sum, at first the text tower's alone, directly behind an image with such a text,
        /// and everywhere behind one without.
        case seeing
    }

    /// The towers' input tables.
    package enum Embeddings: String, Sendable, CaseIterable {
        /// One table for both towers (the paper).
        case shared
        /// Each tower has its own.
        case perTower = "per_tower"
    }

    /// The norms of the hidden states that a bridge reads.
    package enum BridgeNorms: String, Sendable, CaseIterable {
        /// Those of the tower that the hidden states come from, without weights.
        case plain
        /// The bridge's own: of the kind and with the weights of the tower that it writes to, so
        /// that a copy of a layer's attention reads what the layer's attention reads.
        case own
    }

    /// The layers after which a bridge follows, counted from zero.
    package struct Bridge: Sendable, Equatable {
        package var text: Int
        package var image: Int
        package var direction: Direction

        package init(text: Int, image: Int, _ direction: Direction = .both) {
            self.text = text
            self.image = image
            self.direction = direction
        }
    }

    /// The tokens that are the image tower's own: image codes, what frames them, and whatever else the
    /// text parent's vocabulary lacks.
    package struct ImageTokens: Sendable, Equatable {
        /// Ascending, not empty.
        package var ranges: [Range<Int>]
        package var codes: Range<Int>
        /// The token that begins the alternative text of an image, if there is one.
        package var altText: Int?

        package init(ranges: [Range<Int>], codes: Range<Int>, altText: Int? = nil) {
            self.ranges = ranges
            self.codes = codes
            self.altText = altText
        }

        func contains(_ token: Int) -> Bool { ranges.contains { $0.contains(token) } }
    }

    static let modelType = "jam_cross"

    package var text: TowerConfig
    package var image: TowerConfig
    /// From the bottom up.
    package var bridges: [Bridge]
    package var norms: BridgeNorms
    package var head: Head
    package var embeddings: Embeddings
    package var reads = PerTower(Reads.all)
    package var attends = PerTower(Attends.all)
    /// Where bridges write to the image tower.
    package var writes = Writes.all
    package var gate = Gate.none
    /// `nil` where nothing depends on whose token one is.
    package var imageTokens: ImageTokens?
    /// The rows of the text parent's head, where it has more than text tokens: a matrix product's
    /// last bits can depend on how many rows there are, so the text tower's own head has as many.
    package var textHeadRows: Int?
    /// Unknown members of `config.json`, which are kept.
    package var others = JSON.Object()

    package init(
        text: TowerConfig,
        image: TowerConfig,
        bridges: [Bridge],
        norms: BridgeNorms,
        head: Head,
        embeddings: Embeddings
    ) {
        precondition(text.vocabularySize == image.vocabularySize, "towers share a vocabulary")
        self.text = text
        self.image = image
        self.bridges = bridges
        self.norms = norms
        self.head = head
        self.embeddings = embeddings
    }

    /// Bridges at regular depths: into each tower after every so many layers of the deeper one, at
    /// the same relative depth in the other; `nil` for none into a tower.
    package static func bridges(every intervals: PerTower<Int?>, text: Int, image: Int) -> [Bridge]
    {
        let depth = max(text, image)
        func places(_ interval: Int?) -> [Int] {
            interval.map { Array(stride(from: $0, through: depth, by: $0)) } ?? []
        }
        let (toText, toImage) = (Set(places(intervals.text)), Set(places(intervals.image)))
        var bridges: [Bridge] = []
        for layer in toText.union(toImage).sorted() {
            let bridge = Bridge(
                text: max(1, layer * text / depth) - 1,
                image: max(1, layer * image / depth) - 1,
                !toImage.contains(layer) ? .toText : !toText.contains(layer) ? .toImage : .both
            )
            if let last = bridges.last, last.text == bridge.text, last.image == bridge.image {
                if last.direction != bridge.direction {
                    bridges[bridges.count - 1].direction = .both
                }
            } else {
                bridges.append(bridge)
            }
        }
        return bridges
    }

    /// A bridge of one direction after every `interval`-th layer.
    package static func bridges(
        every interval: Int,
        _ direction: Direction = .both,
        text: Int,
        image: Int
    ) -> [Bridge] {
        bridges(
            every: PerTower(
                text: direction.writesToText ? interval : nil,
                image: direction.writesToImage ? interval : nil
            ),
            text: text,
            image: image
        )
    }

    /// Whether all tokens are treated alike, as in the paper.
    var treatsTokensAlike: Bool {
        reads == PerTower(.all) && attends == PerTower(.all) && writes == .all
    }
}

extension CrossConfig {
    /// Whether a checkpoint may have this weight although no layer uses it.
    func allowsUnused(_ name: String) -> Bool {
        for (path, tower) in towers where name.hasPrefix(path) {
            // The towers' own heads are used, or the model has one for both.
            let name = String(name.dropFirst(path.count))
            return name != TowerConfig.untiedHeadName && tower.allowsUnused(name)
        }
        return false
    }

    var towers: [(path: String, config: TowerConfig)] {
        [("towers.text.", text), ("towers.image.", image)]
    }
}

extension CrossConfig {
    /// What joins the towers, in settings and their values.
    package var traits: [(setting: String, value: String)] {
        func count(_ writes: (Direction) -> Bool) -> String {
            "\(bridges.count { writes($0.direction) })"
        }
        var traits = [
            ("bridges to text", count(\.writesToText)),
            ("bridges to image", count(\.writesToImage)),
            ("head", head.rawValue), ("embeddings", embeddings.rawValue),
        ]
        if gate != .none { traits.append(("gate", gate.rawValue)) }
        for (name, reads, attends) in [
            ("text", reads.text, attends.text), ("image", reads.image, attends.image),
        ] {
            if reads != .all { traits.append(("\(name) tower reads", reads.rawValue)) }
            if attends != .all { traits.append(("\(name) tower attends to", attends.rawValue)) }
        }
        if writes != .all { traits.append(("bridges to image write", writes.rawValue)) }
        return traits
    }
}
