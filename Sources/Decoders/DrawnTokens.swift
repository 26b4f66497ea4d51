internal import Layers

/// Which tokens describe and draw an image that has an alternative text: from the beginning of that until
/// text follows the image's codes.
///
/// A cache remembers where each row is, so that a sequence can be read in parts.
final class DrawnTokens {
    /// What the cache knows a mark by.
    private final class Mark {}

    private let tokens: CrossConfig.ImageTokens
    /// After the beginning of an alternative text, up to the end of its image.
    private let isOpen = Mark()
    /// After the first of that image's codes.
    private let hasCodes = Mark()

    init(_ tokens: CrossConfig.ImageTokens) { self.tokens = tokens }

    /// Whether each token of each row describes or draws an image.
    func flags(_ rows: TokenRows, _ cache: KeyValueCache?) -> [[Bool]] {
        let count = rows.counts.count
        var open = cache?.marks(of: isOpen, rows: count) ?? Array(repeating: false, count: count)
        var coded = cache?.marks(of: hasCodes, rows: count) ?? open.map { _ in false }
        let flags = rows.counts.indices.map { row in
            rows[row].map { token -> Bool in
                if token == tokens.altText {
                    (open[row], coded[row]) = (true, false)
                } else if open[row], tokens.codes.contains(token) {
                    coded[row] = true
                } else if coded[row], !tokens.contains(token) {
                    (open[row], coded[row]) = (false, false)
                }
                return open[row]
            }
        }
        cache?.setMarks(of: isOpen, open)
        cache?.setMarks(of: hasCodes, coded)
        return flags
    }
}
