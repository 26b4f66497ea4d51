package import Basics
package import Documents

/// What makes retrieval vary in training, so that a model learns to use documents and not to copy
/// them (CM3Leon, section 2.1).
package struct QueryDropout: Sendable, Equatable {
    /// The part of a query's words that is dropped.
    package var rate: Double

    /// A fifth is the paper's rate.
    package init(rate: Double = 0.2) {
        precondition((0...1).contains(rate), "\(rate) is no part of 1")
        self.rate = rate
    }

    /// The query without some of its words, each dropped with probability ``rate``; images stay.
    ///
    /// Words are what white space parts; those that are left are joined by spaces. A query that
    /// would lose all it has stays as it is.
    package func callAsFunction(
        _ query: Document,
        using random: inout SeededGenerator
    ) -> Document {
        var left = Document()
        for segment in query.segments {
            guard case .text(let text) = segment.content else {
                left.segments.append(segment)
                continue
            }
            let words = text.split(whereSeparator: \.isWhitespace)
                .filter { _ in random.nextUniform() >= rate }
            guard !words.isEmpty else { continue }
            left.segments.append(.text(words.joined(separator: " "), role: segment.role))
        }
        return left.segments.isEmpty ? query : left
    }
}

extension Array {
    /// Up to `count` of the elements at random, in their order: of the documents that were retrieved,
    /// those that stand before one training sample.
    package func sample(_ count: Int, using random: inout SeededGenerator) -> [Element] {
        var left = Swift.min(count, self.count)
        var chosen: [Element] = []
        // Knuth's selection sampling: each subset is equally likely.
        for (place, neighbor) in enumerated()
        where random.nextUniform() * Double(self.count - place) < Double(left) {
            chosen.append(neighbor)
            left -= 1
        }
        return chosen
    }
}
