internal import Basics
internal import Vocabulary

/// The choices of the CM3 objective (Aghajanyan et al., 2022, section 2).
package struct CM3Options: Sendable, Equatable {
    /// The share of documents that have spans moved; the others are learned as they are.
    package var cm3Share: Double
    /// The share of those whose moved spans are their whole texts, where they have an image too.
    ///
    /// That teaches a caption from its image, and leaves `<mask:0><break>`: the image without
    /// its caption, which classifier-free guidance compares with.
    package var wholeTextShare: Double

    /// Sets both shares, each from 0 to 1.
    package init(cm3Share: Double = 1, wholeTextShare: Double = 0) {
        precondition((0...1).contains(cm3Share) && (0...1).contains(wholeTextShare))
        self.cm3Share = cm3Share
        self.wholeTextShare = wholeTextShare
    }
}

extension TrainingExample {
    /// Moves spans of a document to its end.
    ///
    /// 1. Draw spans, disjoint and each within one text or one image.
    /// 2. In the order of their places, put `<mask:i>` where span i was.
    /// 3. Append `<infill>`, then each span behind its own `<mask:i>`, then `<eos>`.
    ///
    /// A document that was cut, and has no `<eos>` of its own, gets one too. `<eos> a b c d <eos>` with
    /// the span `b c` becomes
    /// `<eos> a <mask:0> d <infill> <mask:0> b c <eos>`. Predicting `<mask:i>` or `<infill>` counts
    /// nothing.
    static func cm3(
        _ sequence: TokenSequence,
        _ options: CM3Options,
        in space: TokenSpace,
        using generator: inout SeededGenerator
    ) -> TrainingExample {
        let isMasked = generator.nextUniform() < options.cm3Share
        let takesTexts = generator.nextUniform() < options.wholeTextShare
        guard isMasked else { return .causal(sequence) }
        let spans =
            takesTexts && sequence.hasImage
            ? sequence.wholeTexts : sequence.randomSpans(using: &generator)
        return .moving(spans, of: sequence, in: space)
    }

    /// Moves the given spans, which are disjoint and in order, to the end.
    static func moving(
        _ spans: [Range<Int>],
        of sequence: TokenSequence,
        in space: TokenSpace
    ) -> TrainingExample {
        guard !spans.isEmpty else { return .causal(sequence) }
        var example = TrainingExample(tokens: [], weights: [])
        var end = 0
        for (index, span) in spans.enumerated() {
            example.append(sequence.tokens[end..<span.lowerBound], weight: 1)
            example.append([space[.mask(index)]], weight: 0)
            end = span.upperBound
        }
        example.append(sequence.tokensBeforeNext[end...], weight: 1)
        example.append([space[.infill]], weight: 0)
        for (index, span) in spans.enumerated() {
            example.append([space[.mask(index)]], weight: 0)
            example.append(sequence.tokens[span], weight: 1)
        }
        example.append([space[.end]], weight: 1)
        return TrainingExample(tokens: example.tokens, weights: example.weights)
    }
}

extension TokenSequence {
    /// Whether there is an image with codes.
    var hasImage: Bool { pieces.contains { $0.kind == .image && !$0.range.isEmpty } }

    /// The ranges of the texts that have tokens, as many as there are masks.
    var wholeTexts: [Range<Int>] {
        let texts = pieces.filter { $0.kind == .text && !$0.range.isEmpty }.map(\.range)
        return Array(texts.prefix(TokenSpace.SpecialToken.maskCount))
    }

    /// n ~ clamp(Poisson(1), 1, 16) disjoint spans in order, none across the border of a piece.
    ///
    /// A span's piece is that of a token drawn uniformly, and its ends are two different places of
    /// the piece, drawn uniformly. One that meets an earlier one is drawn again, a few times: a
    /// short document may have fewer spans than n.
    func randomSpans(using generator: inout SeededGenerator) -> [Range<Int>] {
        let count = min(max(generator.nextPoisson(mean: 1), 1), TokenSpace.SpecialToken.maskCount)
        let pieces = pieces.map(\.range).filter { !$0.isEmpty }
        let length = pieces.reduce(0) { $0 + $1.count }
        guard length > 0 else { return [] }
        var spans: [Range<Int>] = []
        var attempts = 0
        while spans.count < count, attempts < 8 * count {
            attempts += 1
            var place = Int.random(in: 0..<length, using: &generator)
            guard
                let piece = pieces.first(where: { piece in
                    defer { place -= piece.count }
                    return place < piece.count
                })
            else { continue }
            let first = Int.random(in: piece.lowerBound...piece.upperBound, using: &generator)
            var second = Int.random(in: piece.lowerBound..<piece.upperBound, using: &generator)
            if second >= first { second += 1 }
            let span = min(first, second)..<max(first, second)
            if !spans.contains(where: { $0.overlaps(span) }) { spans.append(span) }
        }
        return spans.sorted { $0.lowerBound < $1.lowerBound }
    }
}
