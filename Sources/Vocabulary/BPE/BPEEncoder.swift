/// Turns words into tokens, with a cache for short words.
struct BPEEncoder: Sendable {
    private let model: BPEModel
    private var merger = BPEMerger()
    private var cache: [ShortWord: [TokenID]] = [:]

    /// The largest cache; when it is full, it is emptied.
    private static let capacity = 1 << 16

    /// Makes an encoder with an empty cache.
    init(model: BPEModel) {
        self.model = model
    }

    var cachedCount: Int { cache.count }

    /// Appends the tokens of `word`, which is not empty, to `output`.
    mutating func encode(_ word: ArraySlice<UInt8>, into output: inout [TokenID]) {
        guard let key = ShortWord(word) else { return merge(word, into: &output) }
        if let known = cache[key] {
            output.append(contentsOf: known)
            return
        }
        var tokens: [TokenID] = []
        merge(word, into: &tokens)
        if cache.count >= Self.capacity { cache.removeAll(keepingCapacity: true) }
        cache[key] = tokens
        output.append(contentsOf: tokens)
    }

    private mutating func merge(_ word: ArraySlice<UInt8>, into output: inout [TokenID]) {
        if model.ignoresMerges, let whole = model.wholeWords[Array(word)] {
            output.append(whole)
        } else {
            merger.merge(word, with: model, into: &output)
        }
    }
}

/// Up to 15 bytes and their count in one value, hashed without an allocation.
private struct ShortWord: Hashable {
    private var low: UInt64
    private var high: UInt64 = 0

    /// Packs `word`; `nil` if it is longer.
    init?(_ word: ArraySlice<UInt8>) {
        guard word.count <= 15 else { return nil }
        low = UInt64(word.count)
        for (index, byte) in word.enumerated() {
            if index < 7 {
                low |= UInt64(byte) << UInt64(8 * (index + 1))
            } else {
                high |= UInt64(byte) << UInt64(8 * (index - 7))
            }
        }
    }
}
