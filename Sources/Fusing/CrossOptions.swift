package import Decoders

/// How a Cross model is made of two parents.
package struct CrossOptions: Sendable, Equatable {
    /// Into each tower a bridge after every so many layers of the deeper one; `nil` for none.
    package var intervals: CrossConfig.PerTower<Int?>
    package var start: CrossStart
    /// The tokens that each tower reads.
    package var reads = CrossConfig.PerTower(CrossConfig.Reads.all)
    /// The positions that the bridges into each tower attend to.
    package var attends = CrossConfig.PerTower(CrossConfig.Attends.all)
    /// Where the bridges into the image tower write.
    package var writes = CrossConfig.Writes.all
    package var gate = CrossConfig.Gate.none
    /// How text tokens are predicted; goes with ``CrossStart/preserving(untrained:)``.
    package var textHead = CrossTextHead.both

    /// The paper's bridges, into each tower after every so many layers.
    package init(
        every intervals: CrossConfig.PerTower<Int?>,
        start: CrossStart = .preserving()
    ) {
        self.intervals = intervals
        self.start = start
    }

    /// A bridge of one direction after every `interval`-th layer.
    package init(
        every interval: Int,
        _ direction: CrossConfig.Direction = .both,
        start: CrossStart = .preserving()
    ) {
        self.init(
            every: CrossConfig.PerTower(
                text: direction == .toImage ? nil : interval,
                image: direction == .toText ? nil : interval
            ),
            start: start
        )
    }

    /// Whether anything depends on whose token one is.
    var needsImageTokens: Bool {
        reads != CrossConfig.PerTower(.all) || attends != CrossConfig.PerTower(.all)
            || writes != .all || textHead != .both
    }
}

extension FusionMethod {
    /// JAM-Cross with bridges of one direction after every `interval`-th layer.
    package static func cross(
        every interval: Int,
        direction: CrossConfig.Direction,
        start: CrossStart
    ) -> FusionMethod {
        .cross(CrossOptions(every: interval, direction, start: start))
    }
}

/// How a Cross model predicts text tokens.
package enum CrossTextHead: String, Sendable, CaseIterable {
    /// By both towers, as image tokens.
    case both
    /// By the text tower alone, with its own head: without images before, and with the text tower
    /// frozen, exactly as the text parent.
    case own
    /// As ``own``, but in an alternative text the sum of both towers' own predictions. A sum with
    /// learned weights, which begin as 1 and 0, directly behind an image with such a text, and
    /// everywhere behind one without, such as a user's.
    case seeing
}

/// What a Cross model is before it is trained.
package enum CrossStart: Sendable, Equatable {
    /// As in the paper: one shared input table, one head, and a linear layer (the mixer) that joins
    /// the towers. The paper does not say how bridges and mixer begin (decision 21): here, as the
    /// self-attention of their layer with its norm, and as the mean of the towers.
    case paper
    /// Bridges without output and a table for each tower: the logits of text tokens are exactly
    /// the text parent's, those of image codes exactly the image parent's.
    ///
    /// `untrained` may name a token that neither parent was trained on. With a tied head, training
    /// pushes the embeddings of all such tokens in the same direction, far from the trained ones
    /// (Land and Bartolo, 2024, "Fishing for Magikarp"), so that as inputs they disturb the tokens
    /// around them. In each tower's input table the rows that have the direction of that token's
    /// row start at zero (``ParentWeight/rows(parallelTo:)``).
    case preserving(untrained: String? = nil)

    /// The name on the command line and in a manifest.
    package var name: String {
        switch self {
        case .paper: "paper"
        case .preserving: "preserving"
        }
    }
}
