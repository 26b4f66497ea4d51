/// Turns pieces into tokens and remembers the short ones: a text repeats its words.
struct PieceEncoder: Sendable {
    private let model: BytePairModel
    private var merger = BytePairMerger()
    private var cache: [ShortPiece: [TokenID]] = [:]

    /// The most pieces that are remembered; then all are forgotten.
    private static let capacity = 1 << 16

    /// Makes an encoder that remembers nothing yet.
    init(model: BytePairModel) {
        self.model = model
    }

    /// The number of pieces that are remembered.
    var cachedCount: Int { cache.count }

    /// Appends the tokens of `piece`, which is not empty, to `output`.
    mutating func encode(_ piece: ArraySlice<UInt8>, into output: inout [TokenID]) {
        guard let key = ShortPiece(piece) else { return merge(piece, into: &output) }
        if let known = cache[key] {
            output.append(contentsOf: known)
            return
        }
        var tokens: [TokenID] = []
        merge(piece, into: &tokens)
        if cache.count >= Self.capacity { cache.removeAll(keepingCapacity: true) }
        cache[key] = tokens
        output.append(contentsOf: tokens)
    }

    private mutating func merge(_ piece: ArraySlice<UInt8>, into output: inout [TokenID]) {
        if model.ignoresMerges, let whole = model.wholePieces[Array(piece)] {
            output.append(whole)
        } else {
            merger.merge(piece, with: model, into: &output)
        }
    }
}

/// Up to 15 bytes and their number as one value, which hashes without an allocation.
private struct ShortPiece: Hashable {
    private var low: UInt64
    private var high: UInt64 = 0

    /// Packs `piece`; `nil` if it is longer.
    init?(_ piece: ArraySlice<UInt8>) {
        guard piece.count <= 15 else { return nil }
        low = UInt64(piece.count)
        for (index, byte) in piece.enumerated() {
            if index < 7 {
                low |= UInt64(byte) << UInt64(8 * (index + 1))
            } else {
                high |= UInt64(byte) << UInt64(8 * (index - 7))
            }
        }
    }
}
