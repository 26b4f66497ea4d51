/// How a model writes an image: what opens it, says its size, ends its rows and closes it.
///
/// An image is the tokens of ``opening``, its size, those of ``afterSize``, its rows of codes with
/// ``rowEnd`` after each, and ``closing``. Tokens are strings of added tokens, so a frame holds in
/// any vocabulary that has them, whatever their ids.
package struct ImageFrame: Sendable, Equatable {
    /// How a size is written.
    package enum Notation: Sendable, Equatable {
        /// A token for the height and one for the width. The string ends in a number before its last
        /// characters: `tokens("<reserved08801>")` is one step, `<reserved08802>` are two.
        case tokens(String)
        /// Height and width in codes as digits, with this string between them: `90*90`.
        case text(String)
    }

    /// Images of many sizes.
    package struct VariableSize: Sendable, Equatable {
        package var notation: Notation
        /// Height and width are multiples of it, in codes.
        package var step: Int
        /// The most codes of an image.
        package var maximumCodes: Int
        /// The longer side is at most this many times the shorter.
        package var maximumRatio: Int

        package init(_ notation: Notation, step: Int, maximumCodes: Int, maximumRatio: Int) {
            self.notation = notation
            self.step = step
            self.maximumCodes = maximumCodes
            self.maximumRatio = maximumRatio
        }
    }

    /// At least one token; the first begins images and nothing else.
    package var opening: [String]
    /// `nil` if all images have the size of the image tokenizer, which nothing says.
    package var size: VariableSize?
    package var afterSize: [String]
    package var rowEnd: String?
    package var closing: [String]

    package init(
        opening: [String],
        size: VariableSize? = nil,
        afterSize: [String] = [],
        rowEnd: String? = nil,
        closing: [String] = []
    ) {
        self.opening = opening
        self.size = size
        self.afterSize = afterSize
        self.rowEnd = rowEnd
        self.closing = closing
    }
}

extension ImageFrame.VariableSize {
    package func contains(_ size: GridSize) -> Bool {
        let (short, long) = (min(size.height, size.width), max(size.height, size.width))
        return short > 0 && size.height % step == 0 && size.width % step == 0
            && size.count <= maximumCodes && long <= maximumRatio * short
    }

    /// The longest side that is possible, in steps.
    var longestSide: Int {
        let area = maximumCodes / (step * step)
        // long * short <= area and long <= ratio * short.
        return (1...max(1, area)).prefix { long in
            let short = (long + maximumRatio - 1) / maximumRatio
            return long * short <= area
        }.last ?? 0
    }

    /// All sizes, by height and then by width.
    package var all: [GridSize] {
        let longest = longestSide
        guard longest > 0 else { return [] }
        return (1...longest).flatMap { height in
            (1...longest).compactMap { width in
                let size = GridSize(height: height * step, width: width * step)
                return contains(size) ? size : nil
            }
        }
    }

    /// The sizes of about the largest area: on the way from the widest to the highest image, in
    /// which a row is added where it fits and a column is taken away where not (Lumina-mGPT,
    /// `generate_crop_size_list`).
    var largest: [GridSize] {
        let area = maximumCodes / (step * step)
        var (height, width) = (1, area)
        var sizes: [GridSize] = []
        while width > 0 {
            let size = GridSize(height: height * step, width: width * step)
            if contains(size) { sizes.append(size) }
            if (height + 1) * width <= area { height += 1 } else { width -= 1 }
        }
        return sizes
    }

    /// The size of ``largest`` whose aspect ratio is nearest to that of an image, the widest of
    /// equals; `nil` if there is none.
    package func best(forWidth width: Int, height: Int) -> GridSize? {
        /// How much of the image is seen, or of the grid is used: 1 where the ratios are equal.
        func fit(_ size: GridSize) -> Double {
            let (x, y) = (Double(size.width * height), Double(size.height * width))
            return min(x, y) / max(x, y)
        }
        return largest.max { a, b in
            let (left, right) = (fit(a), fit(b))
            return left == right ? (a.width, a.height) < (b.width, b.height) : left < right
        }
    }
}
