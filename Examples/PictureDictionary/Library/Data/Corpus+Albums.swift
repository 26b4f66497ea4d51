import Basics
import Documents

extension Corpus {
    /// What the image tower trains on before the fusion: two to four captioned images in a row.
    ///
    /// The image parent has only drawn the first image of a document, after known words, and draws
    /// nonsense otherwise. So half of the captions stand in sentences and half among random words.
    /// Half of the albums show any concepts and have no prose. The others show tuning concepts only,
    /// with unrelated prose after images, as an explanation stands before the next question.
    static func albums(
        _ text: Corpus,
        _ concepts: [Concept],
        count: Int,
        painter: ScenePainter,
        seed: UInt64
    ) -> Corpus {
        let tuning = concepts.filter { $0.split == .tuning }
        return Corpus(count: count) { position in
            var random = SeededGenerator(seed: seed, 5, UInt64(position))
            let hasProse = position.isMultiple(of: 2)
            let pool = hasProse ? tuning : concepts
            var segments: [Segment] = []
            for _ in 0..<Int.random(in: 2...4, using: &random) {
                let concept = pool[Int.random(in: 0..<pool.count, using: &random)]
                let style: CaptionStyle = Bool.random(using: &random) ? .inSentences : .amongWords
                let item = captioned(concept, style, painter: painter, using: &random)
                segments += segments.last.map(item.segments.after) ?? item.segments
                guard hasProse else { continue }
                let prose = text[Int.random(in: 0..<text.count, using: &random)].texts[0]
                if prose.utf8.count <= longestProse { segments.append(.text(prose)) }
            }
            return Document(segments)
        }
    }

    /// In bytes: four of them, four images and captions fit into a context of 512 tokens.
    private static let longestProse = 120
}

extension [Segment] {
    /// With a space before the first text if it follows a text.
    fileprivate func after(_ last: Segment) -> [Segment] {
        guard case .text = last.content, case .text(let text)? = first?.content else { return self }
        return [.text(" " + text)] + dropFirst()
    }
}
