internal import HeapModule

/// The state of BPE training: words as token sequences, and the count of every adjacent pair.
///
/// After `tokenizers`' `BpeTrainer::do_train`, with its tie-breaking and its quirk: the count of a
/// merged pair is not reset, which matters when two merges make the same token.
struct BPETraining {
    private typealias Pair = BPEModel.Pair

    /// The bytes of every token so far, by id.
    private(set) var tokens: [[UInt8]]
    private var ids: [[UInt8]: TokenID]
    private var merges: [BPEModel.Merge] = []

    private var words: [Word]
    private var pairCounts: [Pair: Int] = [:]
    private var queue = Heap<Candidate>()

    private struct Word {
        var tokens: [Int32]
        let count: Int
    }

    /// A candidate merge, the count of its pair when it was queued, and the words that contain it.
    private struct Candidate: Comparable {
        let pair: Pair
        var count: Int
        let words: [Int32]

        /// The most frequent pair first; ties go to the lower ids.
        static func < (left: Candidate, right: Candidate) -> Bool {
            left.count != right.count ? left.count > right.count : left.pair < right.pair
        }

        static func == (left: Candidate, right: Candidate) -> Bool {
            left.count == right.count && left.pair == right.pair
        }
    }

    /// Starts from words and their counts in the corpus.
    init(wordCounts: [[UInt8]: Int]) {
        tokens = ByteAlphabet.bytesInOrder.map { [$0] }
        ids = Dictionary(uniqueKeysWithValues: tokens.enumerated().map { ($1, $0) })
        var idOfByte = [Int32](repeating: 0, count: 256)
        for (id, token) in tokens.enumerated() { idOfByte[Int(token[0])] = Int32(id) }
        words = wordCounts.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { bytes, count in
            Word(tokens: bytes.map { idOfByte[Int($0)] }, count: count)
        }
        countPairs()
    }

    private mutating func countPairs() {
        var places: [Pair: [Int32]] = [:]
        for (index, word) in words.enumerated() {
            for (left, right) in zip(word.tokens, word.tokens.dropFirst()) {
                let pair = Pair(TokenID(left), TokenID(right))
                pairCounts[pair, default: 0] += word.count
                places[pair, default: []].appendOnce(Int32(index))
            }
        }
        enqueue(places)
    }

    /// Merges the most frequent pair in all words; `false` if no pair is left.
    mutating func mergeMostFrequent() -> Bool {
        while var candidate = queue.popMin() {
            let count = pairCounts[candidate.pair] ?? 0
            if candidate.count == count {
                guard count > 0 else { return false }
                merge(candidate)
                return true
            }
            // Other merges have lowered its count since it was queued.
            candidate.count = count
            queue.insert(candidate)
        }
        return false
    }

    /// The merges in order; of a duplicate, the last one counts.
    func lastOfEachMerge() -> [BPEModel.Merge] {
        var seen: Set<BPEModel.Pair> = []
        return merges.reversed().filter { seen.insert($0.pair).inserted }.reversed()
    }

    private mutating func merge(_ candidate: Candidate) {
        let pair = candidate.pair
        let result = id(of: tokens[pair.left] + tokens[pair.right])
        merges.append(BPEModel.Merge(left: pair.left, right: pair.right, result: result))
        var places: [Pair: [Int32]] = [:]
        for index in candidate.words { merge(pair, into: result, inWord: index, &places) }
        enqueue(places)
    }

    private mutating func id(of token: [UInt8]) -> TokenID {
        if let known = ids[token] { return known }
        ids[token] = tokens.count
        tokens.append(token)
        return tokens.count - 1
    }

    /// Merges `pair` in one word, updates the pair counts, and records which new pairs it contains.
    private mutating func merge(
        _ pair: Pair,
        into result: TokenID,
        inWord index: Int32,
        _ places: inout [Pair: [Int32]]
    ) {
        let old = words[Int(index)].tokens
        let count = words[Int(index)].count
        var new: [Int32] = []
        new.reserveCapacity(old.count)
        var place = 0
        while place < old.count {
            guard place + 1 < old.count, TokenID(old[place]) == pair.left,
                TokenID(old[place + 1]) == pair.right
            else {
                new.append(old[place])
                place += 1
                continue
            }
            if let previous = new.last {
                pairCounts[Pair(TokenID(previous), pair.left), default: 0] -= count
                note(Pair(TokenID(previous), result), count, index, &places)
            }
            if place + 2 < old.count {
                let next = TokenID(old[place + 2])
                pairCounts[Pair(pair.right, next), default: 0] -= count
                note(Pair(result, next), count, index, &places)
            }
            new.append(Int32(result))
            place += 2
        }
        words[Int(index)].tokens = new
    }

    private mutating func note(
        _ pair: Pair,
        _ count: Int,
        _ index: Int32,
        _ places: inout [Pair: [Int32]]
    ) {
        pairCounts[pair, default: 0] += count
        places[pair, default: []].appendOnce(index)
    }

    private mutating func enqueue(_ places: [Pair: [Int32]]) {
        for (pair, words) in places {
            guard let count = pairCounts[pair], count > 0 else { continue }
            queue.insert(Candidate(pair: pair, count: count, words: words))
        }
    }
}

extension [Int32] {
    /// Appends an element unless it equals the last one.
    fileprivate mutating func appendOnce(_ element: Int32) {
        if last != element { append(element) }
    }
}
