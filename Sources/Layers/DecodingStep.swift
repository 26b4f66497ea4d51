package import Tensors

// B rows, T positions of the pass, S positions that are attended to.

/// What the layers share in one forward pass: positions, masks and the cache.
package struct DecodingStep {
    /// The positions of queries.
    let positions: PassPositions
    /// The positions of keys: those of the queries, or of the sequence that is attended to.
    let keyPositions: PassPositions
    let cache: KeyValueCache?
    private let given: AttentionMask?
    private let windowed = WindowedMasks()

    /// A causal pass over `counts` positions of each row, padded on the right to `width`, which
    /// follow those in `cache`.
    package init(counts: [Int], width: Int, cache: KeyValueCache?) {
        cache?.begin(rows: counts.count)
        let starts = cache?.lengths ?? Array(repeating: 0, count: counts.count)
        positions = PassPositions(starts: starts, width: width, counts: counts)
        keyPositions = positions
        self.cache = cache
        given = nil
    }

    /// A pass over whole sequences of `width` positions.
    package init(width: Int, mask: AttentionMask) {
        positions = PassPositions(starts: [0], width: width)
        keyPositions = positions
        cache = nil
        given = mask
    }

    /// A pass in which queries attend to another sequence, whose keys go to `cache`.
    ///
    /// - Parameters:
    ///   - positions: the position of each query.
    ///   - keyPositions: the position of each new key.
    ///   - mask: boolean [B, 1, T, S], true = attend.
    ///   - cache: that of the keys.
    package init(
        positions: PassPositions,
        keyPositions: PassPositions,
        mask: Tensor,
        cache: KeyValueCache?
    ) {
        self.positions = positions
        self.keyPositions = keyPositions
        self.cache = cache
        given = .explicit(mask)
    }

    /// A pass that only appends keys to `cache`.
    package init(_ keyPositions: PassPositions, appendingTo cache: KeyValueCache?) {
        positions = keyPositions
        self.keyPositions = keyPositions
        self.cache = cache
        given = nil
    }

    /// The mask over the last `window` positions, the current one included; over all without a window.
    func mask(within window: Int?) -> AttentionMask {
        if let given { return given }
        let end = (positions.starts.max() ?? 0) + positions.width
        let window = window.map { min($0, end) } ?? end
        if let made = windowed.masks[window] { return made }
        let made = causalMask(window, end)
        windowed.masks[window] = made
        return made
    }

    private func causalMask(_ window: Int, _ end: Int) -> AttentionMask {
        let (starts, width) = (positions.starts, positions.width)
        if window == end, positions.isUniform {
            if width == 1 { return .full }
            if end == width { return .causal }
        }
        let rows = positions.isUniform ? [starts[0]] : starts
        var allowed = [Bool](repeating: false, count: rows.count * width * end)
        var row = 0
        for start in rows {
            for position in start..<start + width {
                for key in max(0, position + 1 - window)...position { allowed[row + key] = true }
                row += end
            }
        }
        return .explicit(Tensor(allowed, [rows.count, 1, width, end]))
    }

    /// Masks by window size, made once for all layers.
    private final class WindowedMasks {
        var masks: [Int: AttentionMask] = [:]
    }
}

/// The positions of the tokens of a pass, by which rotary embeddings rotate.
package final class PassPositions {
    /// Of each row, the position of its first token; empty for positions that do not follow one
    /// another.
    let starts: [Int]
    let width: Int
    private let counts: [Int]
    private let explicit: [Int]  // B · T
    private var rotations: [ObjectIdentifier: Tensor.Rotation] = [:]

    /// Successive positions; those of padding, after `counts` tokens of a row, are those of its last
    /// token, so that none is beyond a table that has all positions of tokens.
    package init(starts: [Int], width: Int, counts: [Int] = []) {
        self.starts = starts
        self.width = width
        self.counts = counts
        explicit = []
    }

    /// The given positions of each row, of which shorter ones are padded on the right.
    package init(_ rows: [[Int]], width: Int) {
        starts = []
        counts = []
        self.width = width
        explicit = rows.flatMap { $0 + Array(repeating: 0, count: width - $0.count) }
    }

    /// Whether all rows have the same successive positions.
    var isUniform: Bool { !starts.isEmpty && starts.allSatisfy { $0 == starts[0] } }

    /// The position of each token, row by row; of one row, if they are uniform.
    var indices: [Int] {
        if isUniform { return Array(starts[0]..<starts[0] + width) }
        guard !starts.isEmpty else { return explicit }
        return starts.indices.flatMap { row in
            let last = counts.isEmpty ? width - 1 : max(0, counts[row] - 1)
            return (0..<width).map { starts[row] + min($0, last) }
        }
    }

    /// The rotation of an embedding, made once for all its layers.
    func rotation(
        of embedding: RotaryEmbedding,
        _ make: () -> Tensor.Rotation
    ) -> Tensor.Rotation {
        if let made = rotations[ObjectIdentifier(embedding)] { return made }
        let made = make()
        rotations[ObjectIdentifier(embedding)] = made
        return made
    }
}
