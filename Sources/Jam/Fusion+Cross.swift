import Decoders
import Fusing

extension Fusion {
    /// How a Cross model is made of two parents.
    ///
    /// The paper has bridges into both towers and ``Start/paper``; the other options are ours. For a
    /// text parent that shall stay as it is, take ``keepingText(every:)``.
    public struct CrossOptions: Sendable, Equatable {
        /// A bridge into the text tower after every so many layers of the deeper tower; `nil` for
        /// none.
        public var intoTextEvery: Int?
        /// A bridge into the image tower after every so many layers of the deeper tower; `nil` for
        /// none.
        public var intoImageEvery: Int?
        /// What the model computes before it is trained.
        public var start: Start
        /// The tokens that the text tower reads.
        public var textReads = Reads.all
        /// The tokens that the image tower reads.
        public var imageReads = Reads.all
        /// The positions that bridges into the text tower attend to.
        public var textAttends = Attends.all
        /// The positions that bridges into the image tower attend to.
        public var imageAttends = Attends.all
        /// Where bridges into the image tower write.
        public var imageWrites = Writes.all
        /// What multiplies the outputs of bridges.
        public var gate = Gate.none
        /// How text tokens are predicted.
        public var textHead = TextHead.both

        /// A bridge of one direction after every `interval`-th layer.
        public init(
            every interval: Int = 2,
            direction: Direction = .both,
            start: Start = .preserving()
        ) {
            intoTextEvery = direction == .toImage ? nil : interval
            intoImageEvery = direction == .toText ? nil : interval
            self.start = start
        }

        /// The text tower reads text alone, sees images over bridges and through the image tower's
        /// predictions of words, and keeps its own head.
        ///
        /// Before the first image or alternative text, the logits of text tokens are the text parent's after any
        /// training in which `towers.text` is frozen. It takes ``Vocabulary/union`` and a text parent
        /// without image codes.
        public static func keepingText(every interval: Int = 2) -> CrossOptions {
            var options = CrossOptions(every: interval)
            options.textReads = .own
            options.textAttends = .foreign
            options.textHead = .seeing
            return options
        }
    }

    /// The towers that bridges write to.
    public enum Direction: String, Sendable, CaseIterable {
        /// Both towers.
        case both
        /// The text tower, which then reads the image tower.
        case toText = "to-text"
        /// The image tower, which then reads the text tower.
        case toImage = "to-image"
    }

    /// The tokens that a tower reads.
    public enum Reads: String, Sendable, CaseIterable {
        /// All of a document.
        case all
        /// Those of its own modality.
        case own
    }

    /// The positions that the bridges into a tower attend to.
    public enum Attends: String, Sendable, CaseIterable {
        /// All up to the tower's own position.
        case all
        /// Those of the other modality: image codes, or text.
        case foreign
    }

    /// Where the bridges into the image tower write.
    public enum Writes: String, Sendable, CaseIterable {
        /// Everywhere.
        case all
        /// From the beginning of an image's alternative text until text follows that image.
        case drawn
    }

    /// What multiplies the output of a bridge: the tanh of weights that are zero at first.
    public enum Gate: String, Sendable, CaseIterable {
        /// Nothing.
        case none
        /// One weight a bridge.
        case scalar
        /// A weight for each feature.
        case vector
    }

    /// How text tokens are predicted.
    public enum TextHead: String, Sendable, CaseIterable {
        /// By both towers.
        case both
        /// By the text tower alone, with its own head.
        case own
        /// As ``own``, but in an alternative text the sum of both towers' own predictions. A sum with
        /// learned weights, which begin as 1 and 0, directly after an image with such a text, and
        /// everywhere after one without, such as a user's.
        case seeing
    }

    /// What a Cross model computes before it is trained.
    public enum Start: Sendable, Equatable {
        /// As in the paper: one shared input table, bridges initialized with self-attention.
        case paper
        /// The parents' logits exactly: of text tokens the text parent's, of image codes the image
        /// parent's.
        ///
        /// `untrained` may name a token that neither parent was trained on, such as
        /// `<|system|>`: input embeddings with the direction of that token's start at zero.
        case preserving(untrained: String? = nil)
    }
}

extension Fusion.Method {
    /// A Cross model with a bridge after every so many layers; see ``Fusion/CrossOptions``.
    public static func cross(
        every interval: Int = 2,
        direction: Fusion.Direction = .both,
        start: Fusion.Start = .preserving()
    ) -> Fusion.Method {
        .cross(Fusion.CrossOptions(every: interval, direction: direction, start: start))
    }
}

extension Fusion.CrossOptions {
    var rule: CrossOptions {
        var rule = CrossOptions(
            every: CrossConfig.PerTower(text: intoTextEvery, image: intoImageEvery),
            start: start.rule
        )
        rule.reads = CrossConfig.PerTower(text: textReads.rule, image: imageReads.rule)
        rule.attends = CrossConfig.PerTower(text: textAttends.rule, image: imageAttends.rule)
        rule.writes = imageWrites == .drawn ? .drawn : .all
        rule.gate = gate.rule
        rule.textHead = textHead.rule
        return rule
    }
}

extension Fusion.Start {
    fileprivate var rule: CrossStart {
        switch self {
        case .paper: .paper
        case .preserving(let token): .preserving(untrained: token)
        }
    }
}

extension Fusion.Reads {
    fileprivate var rule: CrossConfig.Reads { self == .own ? .own : .all }
}

extension Fusion.Attends {
    fileprivate var rule: CrossConfig.Attends { self == .foreign ? .foreign : .all }
}

extension Fusion.Gate {
    fileprivate var rule: CrossConfig.Gate {
        switch self {
        case .none: .none
        case .scalar: .scalar
        case .vector: .vector
        }
    }
}

extension Fusion.TextHead {
    fileprivate var rule: CrossTextHead {
        switch self {
        case .both: .both
        case .own: .own
        case .seeing: .seeing
        }
    }
}
