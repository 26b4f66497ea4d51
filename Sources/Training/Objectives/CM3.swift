internal import Basics
internal import Vocabulary

/// The options of the CM3 objective (Aghajanyan et al., 2022, section 2).
package struct CM3Options: Sendable, Equatable {
    /// The share of documents with moved spans; the others are causal.
    package var cm3Share: Double
    /// The share of these whose moved spans are all of their texts, if they have an image.
    ///
    /// This trains captioning, and images after `<mask:0><break>`, the unconditional context of
    /// classifier-free guidance.
    package var wholeTextShare: Double
    /// The loss weight of images that no text precedes, which are hard to predict and say nothing
    /// about captioning.
    package var uncaptionedWeight: Double

    package init(
        cm3Share: Double = 1,
        wholeTextShare: Double = 0,
        uncaptionedWeight: Double = 1
    ) {
        precondition((0...1).contains(cm3Share) && (0...1).contains(wholeTextShare))
        precondition((0...1).contains(uncaptionedWeight))
        self.cm3Share = cm3Share
        self.wholeTextShare = wholeTextShare
        self.uncaptionedWeight = uncaptionedWeight
    }
}

extension TrainingExample {
    /// Moves random spans of a document to its end.
    ///
    /// 1. Draw spans, disjoint and each within one text or one image.
    /// 2. Replace span i by `<mask:i>`.
    /// 3. Append `<infill>`, then each `<mask:i>` with its span, then `<eos>`.
    ///
    /// `<eos> a b c d <eos>` with the span `b c` becomes
    /// `<eos> a <mask:0> d <infill> <mask:0> b c <eos>`. A truncated document gets an `<eos>`, too.
    /// `<mask:i>` and `<infill>` have no loss.
    static func cm3(
        _ sequence: TokenSequence,
        _ options: CM3Options,
        in space: TokenSpace,
        using generator: inout SeededGenerator
    ) -> TrainingExample {
        let isMasked = generator.nextUniform() < options.cm3Share
        let takesTexts = generator.nextUniform() < options.wholeTextShare
        let movesTexts = isMasked && takesTexts && sequence.hasImage
        var weights = [Float](repeating: 1, count: sequence.tokens.count)
        for piece in movesTexts ? sequence.pieces[...] : sequence.piecesBeforeText
        where piece.kind == .image {
            // The token that opens the image is not part of it: a model has to learn to begin one.
            for place in piece.range { weights[place] = Float(options.uncaptionedWeight) }
        }
        guard isMasked else { return TrainingExample(tokens: sequence.tokens, weights: weights) }
        let spans = movesTexts ? sequence.textSpans : sequence.randomSpans(using: &generator)
        return .moving(spans, of: sequence, weights, in: space)
    }

    /// Moves disjoint spans, which are in order, to the end; `weights` are those of the tokens.
    private static func moving(
        _ spans: [Range<Int>],
        of sequence: TokenSequence,
        _ weights: [Float],
        in space: TokenSpace
    ) -> TrainingExample {
        guard !spans.isEmpty else {
            return TrainingExample(tokens: sequence.tokens, weights: weights)
        }
        var example = TrainingExample(tokens: [], weights: [])
        func append(_ range: Range<Int>) {
            for place in range { example.append([sequence.tokens[place]], weight: weights[place]) }
        }
        var end = 0
        for (index, span) in spans.enumerated() {
            append(end..<span.lowerBound)
            example.append([space[.mask(index)]], weight: 0)
            end = span.upperBound
        }
        append(end..<sequence.tokensBeforeNext.endIndex)
        example.append([space[.infill]], weight: 0)
        for (index, span) in spans.enumerated() {
            example.append([space[.mask(index)]], weight: 0)
            append(span)
        }
        example.append([space[.end]], weight: 1)
        return TrainingExample(tokens: example.tokens, weights: example.weights)
    }
}

extension TokenSequence {
    var hasImage: Bool { pieces.contains { $0.kind == .image && !$0.range.isEmpty } }

    /// The pieces before the first text.
    var piecesBeforeText: ArraySlice<Piece> {
        pieces.prefix { $0.kind == .image || $0.range.isEmpty }
    }

    /// The ranges of all texts, as far as there are masks.
    var textSpans: [Range<Int>] {
        let texts = pieces.filter { $0.kind == .text && !$0.range.isEmpty }.map(\.range)
        return Array(texts.prefix(TokenSpace.SpecialToken.maskCount))
    }

    /// n ~ clamp(Poisson(1), 1, 16) disjoint spans in order, each within one text or image.
    ///
    /// The piece of a span is that of a uniform token, and its ends are two different uniform
    /// positions in the piece. A span that overlaps an earlier one is drawn again, a few times, so
    /// a short document may have fewer than n.
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
