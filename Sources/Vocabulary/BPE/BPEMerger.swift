internal import HeapModule

/// Merges the symbols of one word into tokens.
///
/// The algorithm of `tokenizers`' `Word::merge_all`, in O(n log n):
/// 1. every byte, or character, is a symbol in a linked list;
/// 2. every adjacent pair with a merge goes into a queue, ordered by rank, then by position;
/// 3. the first one is merged, unless an earlier merge changed the pair;
/// 4. the two pairs that the new symbol forms with its neighbors go into the queue.
struct BPEMerger: Sendable {
    private var symbols: [Symbol] = []
    private var queue = Heap<Candidate>()
    /// Whether the last symbols had no token and are to become the unknown one.
    private var hasUnknown = false

    private struct Symbol {
        var token: Int32
        var previous: Int32
        var next: Int32

        static let none: Int32 = -1
    }

    /// A candidate merge: its rank, then the position of its left symbol.
    private struct Candidate: Comparable, Sendable {
        private let bits: UInt64

        init(rank: Int, place: Int32) {
            bits = UInt64(truncatingIfNeeded: rank) << 32 | UInt64(UInt32(bitPattern: place))
        }

        var rank: Int { Int(bits >> 32) }
        var place: Int32 { Int32(truncatingIfNeeded: bits) }

        static func < (left: Candidate, right: Candidate) -> Bool { left.bits < right.bits }
    }

    /// Appends the tokens of `word` to `output`.
    mutating func merge(
        _ word: ArraySlice<UInt8>,
        with model: BPEModel,
        into output: inout [TokenID]
    ) {
        precondition(word.count < Int32.max, "a word of more than 2 GB")
        begin(word, model)
        while let candidate = queue.popMin() { apply(candidate, model) }
        guard !symbols.isEmpty else { return }
        var place: Int32 = 0
        while place != Symbol.none {
            let symbol = symbols[Int(place)]
            output.append(TokenID(symbol.token))
            place = symbol.next
        }
    }

    /// The tokens that merging some symbols makes on the way, from the symbols to the last ones.
    mutating func tokensMade(from first: [TokenID], with model: BPEModel) -> Set<TokenID> {
        var made = Set(first)
        symbols.removeAll(keepingCapacity: true)
        for token in first { append(token) }
        enqueueAll(model)
        while let candidate = queue.popMin() {
            apply(candidate, model)
            let token = symbols[Int(candidate.place)].token
            if token != Symbol.none { made.insert(TokenID(token)) }
        }
        return made
    }

    private mutating func begin(_ word: ArraySlice<UInt8>, _ model: BPEModel) {
        symbols.removeAll(keepingCapacity: word.count < 1 << 16)
        symbols.reserveCapacity(word.count)
        hasUnknown = false
        switch model.alphabet {
        case .bytes:
            let hasSuffix = !model.endOfWordSuffix.isEmpty
            for byte in hasSuffix ? word.dropLast() : word {
                append(model.byteTokens[Int(byte)], model)
            }
            if hasSuffix, let last = word.last {
                append(model.endOfWordByteTokens[Int(last)], model)
            }
        case .characters: appendCharacters(of: word, model)
        }
        if hasUnknown, let unknown = model.unknown { append(unknown.token) }
        enqueueAll(model)
    }

    /// Ends the list of symbols, and queues all merges of adjacent ones.
    private mutating func enqueueAll(_ model: BPEModel) {
        guard !symbols.isEmpty else { return }
        symbols[symbols.count - 1].next = Symbol.none
        for place in symbols.indices.dropLast() { enqueue(Int32(place), model) }
    }

    /// Appends a symbol; one without a token waits until the next one that has one, as in the
    /// reference.
    private mutating func append(_ token: TokenID?, _ model: BPEModel) {
        guard let token else {
            guard let unknown = model.unknown else { return }
            if hasUnknown, !unknown.isFused { append(unknown.token) }
            hasUnknown = true
            return
        }
        if hasUnknown, let unknown = model.unknown { append(unknown.token) }
        hasUnknown = false
        append(token)
    }

    private mutating func append(_ token: TokenID) {
        let place = Int32(symbols.count)
        symbols.append(Symbol(token: Int32(token), previous: place - 1, next: place + 1))
    }

    private mutating func appendCharacters(of word: ArraySlice<UInt8>, _ model: BPEModel) {
        let text = UTF8Text(bytes: Array(word))
        var place = 0
        while let (value, end) = text.value(at: place) {
            if let token = model.characterTokens[value] {
                append(token, model)
            } else {
                let bytes = text.bytes[place..<end].compactMap { model.byteTokens[Int($0)] }
                if bytes.count == end - place {
                    for byte in bytes { append(byte) }
                } else {
                    append(nil, model)
                }
            }
            place = end
        }
    }

    /// Queues the merge of the symbol at `place` with the next one, if there is one.
    private mutating func enqueue(_ place: Int32, _ model: BPEModel) {
        guard let rank = rank(at: place, model) else { return }
        queue.insert(Candidate(rank: rank, place: place))
    }

    private func rank(at place: Int32, _ model: BPEModel) -> Int? {
        let left = symbols[Int(place)]
        guard left.next != Symbol.none else { return nil }
        let right = symbols[Int(left.next)]
        return model.ranks[BPEModel.Pair(TokenID(left.token), TokenID(right.token))]
    }

    private mutating func apply(_ candidate: Candidate, _ model: BPEModel) {
        let place = Int(candidate.place)
        let result = model.merges[candidate.rank].result
        // The left symbol may be gone, or its pair may have changed. As in the reference, another
        // pair with the same result is merged all the same.
        guard symbols[place].token != Symbol.none,
            let current = rank(at: candidate.place, model), model.merges[current].result == result
        else { return }

        let right = Int(symbols[place].next)
        let next = symbols[right].next
        symbols[place].token = Int32(result)
        symbols[place].next = next
        symbols[right].token = Symbol.none
        if next != Symbol.none { symbols[Int(next)].previous = candidate.place }

        let previous = symbols[place].previous
        if previous != Symbol.none { enqueue(previous, model) }
        enqueue(candidate.place, model)
    }
}
