internal import Layers
internal import Tensors

// B rows, T positions of the pass, U positions of the pass that a tower reads, D hidden size.

/// What one tower reads of a pass: all tokens, or those of its own modality side by side.
struct TowerPass {
    /// The tokens that the tower reads.
    let tokens: TokenRows  // [B, U]
    let step: DecodingStep
    /// Where they are in the whole sequences.
    let places: [[Int]]
    /// For each place of the pass [B · T] how many of the tokens up to there the tower reads; `nil`
    /// if it reads all.
    private let readCounts: [Int]?
    private let width: Int
    private let cache: KeyValueCache?

    /// - Parameters:
    ///   - tokens: the tokens [B, T] of the pass.
    ///   - starts: where the first token of each row is in its sequence.
    ///   - tower: whose branch of the cache it is.
    ///   - cache: that of the network.
    ///   - reads: whether the tower reads a token; `nil` if it reads all.
    init(
        _ tokens: TokenRows,
        from starts: [Int],
        of tower: Tower,
        _ cache: KeyValueCache?,
        reads: ((Int) -> Bool)?
    ) {
        let branch = cache?.branch(of: tower)
        self.cache = branch
        width = tokens.width
        let rows = tokens.counts.indices.map { Array(tokens[$0]) }
        let read = rows.map { row in row.indices.filter { reads?(row[$0]) ?? true } }
        places = zip(starts, read).map { start, places in places.map { start + $0 } }
        self.tokens =
            reads == nil
            ? tokens
            : TokenRows(zip(rows, read).map { row, places in places.map { row[$0] } })
        readCounts =
            reads == nil ? nil : read.flatMap { Self.readCounts($0, width: tokens.width) }
        step = DecodingStep(
            counts: self.tokens.counts,
            width: self.tokens.width,
            cache: branch
        )
    }

    private static func readCounts(_ read: [Int], width: Int) -> [Int] {
        var counts: [Int] = []
        for place in 0..<width {
            let last = counts.last ?? 0
            counts.append(last < read.count && read[last] == place ? last + 1 : last)
        }
        return counts
    }

    /// Whether the tower reads none of the tokens.
    var isEmpty: Bool { tokens.counts.allSatisfy { $0 == 0 } }

    /// The tower's hidden state at each place of the pass [B, T, D], of its hidden states
    /// [B, U, D]: at a token that it passes over, that of the last token before; zero before the
    /// first.
    func spread(_ hiddenStates: Tensor, by tower: Tower) -> Tensor {
        guard let readCounts else { return hiddenStates }
        let (rows, size) = (tokens.counts.count, hiddenStates.size(2))
        let before = cache?[stateOf: tower] ?? .zeros([rows, 1, size], hiddenStates.elementType)
        // [B · (1 + U), D]
        let all = Tensor.concatenated([before, hiddenStates], along: 1).reshaped([-1, size])
        let indices = readCounts.enumerated().map { place, count in
            place / width * (1 + tokens.width) + count
        }
        cache?[stateOf: tower] = all.selected(
            0,
            Tensor(
                tokens.counts.enumerated().map { $0 * (1 + tokens.width) + $1 },
                [rows]
            )
        ).reshaped([rows, 1, size])
        return all.selected(0, Tensor(indices, [indices.count])).reshaped([rows, width, size])
    }

    /// Ends the pass.
    func advance() { cache?.advance(by: tokens.counts) }
}
