/// Merges the bytes of one piece into tokens.
///
/// The algorithm of `tokenizers`' `Word::merge_all`, in O(n log n):
/// 1. every byte, or character, is a symbol, linked to its neighbours;
/// 2. every neighbouring pair that has a merge goes into a queue, ordered by rank, then by place;
/// 3. the least one is merged, unless a merge before it changed the pair meanwhile;
/// 4. the two pairs that the new symbol forms with its neighbours go into the queue.
struct BytePairMerger: Sendable {
    private var symbols: [Symbol] = []
    private var queue = MinimumHeap<Candidate>()

    private struct Symbol {
        var token: Int32
        var previous: Int32
        var next: Int32

        static let none: Int32 = -1
    }

    /// A possible merge: its rank, then the place of its left symbol.
    private struct Candidate: Comparable, Sendable {
        private let bits: UInt64

        init(rank: Int, place: Int32) {
            bits = UInt64(truncatingIfNeeded: rank) << 32 | UInt64(UInt32(bitPattern: place))
        }

        var rank: Int { Int(bits >> 32) }
        var place: Int32 { Int32(truncatingIfNeeded: bits) }

        static func < (left: Candidate, right: Candidate) -> Bool { left.bits < right.bits }
    }

    /// Appends the tokens of `piece` to `output`.
    mutating func merge(
        _ piece: ArraySlice<UInt8>,
        with model: BytePairModel,
        into output: inout [TokenID]
    ) {
        precondition(piece.count < Int32.max, "a piece of more than 2 GB")
        begin(piece, model)
        while let candidate = queue.popLeast() { apply(candidate, model) }
        var place: Int32 = 0
        while place != Symbol.none {
            let symbol = symbols[Int(place)]
            output.append(TokenID(symbol.token))
            place = symbol.next
        }
    }

    private mutating func begin(_ piece: ArraySlice<UInt8>, _ model: BytePairModel) {
        symbols.removeAll(keepingCapacity: piece.count < 1 << 16)
        symbols.reserveCapacity(piece.count)
        switch model.alphabet {
        case .bytes: for byte in piece { append(model.byteTokens[Int(byte)]) }
        case .characters: appendCharacters(of: piece, model)
        }
        if !model.wordEnd.isEmpty, let last = piece.last {
            symbols[symbols.count - 1].token = Int32(model.lastByteTokens[Int(last)])
        }
        symbols[symbols.count - 1].next = Symbol.none
        for place in symbols.indices.dropLast() { enqueue(Int32(place), model) }
    }

    private mutating func append(_ token: TokenID) {
        let place = Int32(symbols.count)
        symbols.append(Symbol(token: Int32(token), previous: place - 1, next: place + 1))
    }

    private mutating func appendCharacters(of piece: ArraySlice<UInt8>, _ model: BytePairModel) {
        let text = UTF8Text(bytes: Array(piece))
        var place = 0
        while let (value, end) = text.value(at: place) {
            if let token = model.characterTokens[value] {
                append(token)
            } else {
                for byte in text.bytes[place..<end] { append(model.byteTokens[Int(byte)]) }
            }
            place = end
        }
    }

    /// Queues the merge of the symbol at `place` with the next one, if there is such a merge.
    private mutating func enqueue(_ place: Int32, _ model: BytePairModel) {
        guard let rank = rank(at: place, model) else { return }
        queue.insert(Candidate(rank: rank, place: place))
    }

    private func rank(at place: Int32, _ model: BytePairModel) -> Int? {
        let left = symbols[Int(place)]
        guard left.next != Symbol.none else { return nil }
        let right = symbols[Int(left.next)]
        return model.ranks[BytePairModel.Pair(TokenID(left.token), TokenID(right.token))]
    }

    private mutating func apply(_ candidate: Candidate, _ model: BytePairModel) {
        let place = Int(candidate.place)
        let result = model.merges[candidate.rank].result
        // The left symbol may be gone, or the pair may be another one by now. As in the reference,
        // another pair with the same result is merged all the same.
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
