import Basics
import Documents
import Testing
import Training
import Vocabulary

@Suite struct CM3Tests {
    let space = SmallSpace.space

    @Test("A captioned image with its whole text moved leaves a mask before the image")
    func wholeText() throws {
        let sequence = try SmallSpace.sequence([.text("abc"), .image(0)])
        var generator = SeededGenerator(seed: 1)
        let options = CM3Options(wholeTextShare: 1)
        let example = Objective.cm3(options).example(of: sequence, in: space, using: &generator)
        let mask = space[.mask(0)]
        let end = space[.end]
        let codes = (0..<4).map { space.token(imageCode: $0) }
        #expect(
            example.tokens
                == [end, mask, space[.imageStart]] + codes
                + [space[.infill], mask, 0, 1, 2, end]
        )
        #expect(example.weights == [0, 0, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1])
    }

    // Prevents: weights on the wrong tokens, which no loss curve would show.
    @Test("Only images that no text precedes have the weight of uncaptioned ones")
    func uncaptionedWeight() throws {
        func weights(_ pieces: [SmallSpace.Part], _ options: CM3Options) throws -> [Float] {
            var generator = SeededGenerator(seed: 1)
            let sequence = try SmallSpace.sequence(pieces)
            return Objective.cm3(options).example(of: sequence, in: space, using: &generator)
                .weights
        }
        let moved = CM3Options(wholeTextShare: 1, uncaptionedWeight: 0.5)
        let expected: [Float] = [0, 0, 1, 0.5, 0.5, 0.5, 0.5, 0, 0, 1, 1, 1, 1]
        #expect(try weights([.text("abc"), .image(0)], moved) == expected)
        let causal = CM3Options(cm3Share: 0, uncaptionedWeight: 0.5)
        #expect(
            try weights([.image(0), .text("ab")], causal) == [0, 1, 0.5, 0.5, 0.5, 0.5, 1, 1, 1]
        )
        #expect(try weights([.text("a"), .image(0)], causal) == [0, 1, 1, 1, 1, 1, 1, 1])
    }

    // Prevents: spans that overlap, cross into another piece, or lose tokens, none of which any
    // loss curve would show.
    @Test("Spans are disjoint, within pieces, and go back to where they were")
    func randomDocuments() throws {
        var generator = SeededGenerator(seed: 7)
        var spanCounts: [Int: Int] = [:]
        for _ in 0..<10000 {
            let sequence = try SmallSpace.randomSequence(using: &generator)
            let example = Objective.cm3(CM3Options()).example(
                of: sequence,
                in: space,
                using: &generator
            )
            #expect(TrainingExample.restored(example.tokens, in: space) == sequence.tokens)
            for (place, token) in example.tokens.enumerated() {
                let isSilent =
                    place == 0 || token == space[.infill] || SmallSpace.masks.contains(token)
                #expect(example.weights[place] == (isSilent ? 0 : 1))
            }
            guard let infill = example.tokens.firstIndex(of: space[.infill]) else { continue }
            let heads = example.tokens[infill...].filter { SmallSpace.masks.contains($0) }
            let places = example.tokens[..<infill].filter { SmallSpace.masks.contains($0) }
            #expect(heads == places)
            #expect(heads == (0..<heads.count).map { space[.mask($0)] })
            spanCounts[heads.count, default: 0] += 1
            let spans = example.tokens[(infill + 1)...].split { SmallSpace.masks.contains($0) }
            for span in spans {
                let isImage = space.image.contains(span[span.startIndex])
                let body = span.last == space[.end] ? span.dropLast() : span
                #expect(!body.isEmpty)
                #expect(body.allSatisfy { space.image.contains($0) == isImage })
            }
        }
        // clamp(Poisson(1), 1, 16): one span in 2/e of the documents, two in 1/(2e).
        let total = Double(spanCounts.values.reduce(0, +))
        #expect(Double(spanCounts[1] ?? 0) / total > 0.70)
        #expect(Double(spanCounts[2] ?? 0) / total > 0.12)
        #expect((spanCounts[3] ?? 0) > 0)
    }

    // Prevents: documents longer than the context that are learned without spans.
    @Test("A document that was cut has its spans moved, too, and gets an end")
    func cutDocuments() throws {
        var generator = SeededGenerator(seed: 5)
        let sequence = try SmallSpace.sequence([.text("abcdef"), .image(0)]).prefix(5)
        #expect(sequence.tokens.last != space[.end])
        let example = Objective.cm3(CM3Options()).example(
            of: sequence,
            in: space,
            using: &generator
        )
        #expect(example.tokens.contains(space[.infill]))
        #expect(
            TrainingExample.restored(example.tokens, in: space) == sequence.tokens + [space[.end]]
        )
    }

    @Test("A share of the documents stays whole")
    func cm3Share() throws {
        var generator = SeededGenerator(seed: 3)
        let objective = Objective.cm3(CM3Options(cm3Share: 0.25))
        let masked = try (0..<2000).filter { _ in
            let sequence = try SmallSpace.sequence([.text("abcdef"), .image(0)])
            return objective.example(of: sequence, in: space, using: &generator).tokens
                .contains(space[.infill])
        }
        #expect((420...580).contains(masked.count))
    }

    @Test("Masks that do not fit together restore to nothing")
    func unfinished() {
        let (end, infill) = (space[.end], space[.infill])
        let masks = SmallSpace.masks
        #expect(TrainingExample.restored([end, 0, 1, end], in: space) == [end, 0, 1, end])
        #expect(TrainingExample.restored([end, masks[0], infill, masks[0], 5], in: space) == nil)
        #expect(TrainingExample.restored([end, masks[0], infill, end], in: space) == nil)
        #expect(
            TrainingExample.restored([end, masks[1], infill, masks[1], 5, end], in: space) == nil
        )
        #expect(
            TrainingExample.restored([end, 3, infill, masks[0], 5, end], in: space) == nil
        )
    }
}
