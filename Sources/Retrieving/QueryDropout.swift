package import Basics
package import Documents

/// Drops words of a query in training, so that retrieval varies and the model does not learn to copy
/// (CM3Leon, section 2.1).
package struct QueryDropout: Sendable, Equatable {
    /// The probability of dropping a word.
    package var rate: Double

    /// The default is the paper's.
    package init(rate: Double = 0.2) {
        precondition((0...1).contains(rate), "\(rate) is not in 0...1")
        self.rate = rate
    }

    /// Drops each word with probability ``rate`` and joins the others with spaces; images stay.
    ///
    /// A query that would become empty is unchanged.
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
    /// Samples up to `count` elements without replacement, in their order.
    package func sample(_ count: Int, using random: inout SeededGenerator) -> [Element] {
        var left = Swift.min(count, self.count)
        var chosen: [Element] = []
        // Knuth's selection sampling: all subsets are equally probable.
        for (place, neighbor) in enumerated()
        where random.nextUniform() * Double(self.count - place) < Double(left) {
            chosen.append(neighbor)
            left -= 1
        }
        return chosen
    }
}
