internal import Layers
internal import Tensors

// B rows, U positions that the writing tower reads, K keys of the pass, S all keys, E hidden size.

/// What the bridges into one tower attend to in a pass.
struct BridgePass {
    /// The positions of queries and keys; `nil` if no query attends to anything.
    let step: DecodingStep?
    /// The keys' positions, for keys that only later queries attend to.
    private let keyStep: DecodingStep?
    /// Which of the source's hidden states are keys [B · K]; `nil` if all are.
    private let chosen: Tensor?
    private let width: Int
    /// 1 for queries that attend to something, 0 for others [B, U, 1]; `nil` if all do.
    let attending: Tensor?

    private let counts: [Int]
    private let places: [[Int]]
    private let cache: KeyValueCache?

    /// - Parameters:
    ///   - target: what the tower reads that the bridges write to.
    ///   - source: what the other tower reads.
    ///   - cache: the branch of the cache for these bridges.
    ///   - isKey: whether the bridges attend to a token of the source; `nil` if to all.
    ///   - isWritten: whether the bridges write at a place of a row; `nil` if everywhere.
    init(
        into target: TowerPass,
        from source: TowerPass,
        _ cache: KeyValueCache?,
        isKey: ((Int) -> Bool)?,
        isWritten: ((_ row: Int, _ place: Int) -> Bool)?
    ) {
        let rows = target.tokens.counts.indices
        cache?.begin(rows: rows.count)
        let keys = rows.map { row in
            let tokens = Array(source.tokens[row])
            return tokens.indices.filter { isKey?(tokens[$0]) ?? true }
        }
        let (counts, width) = (keys.map(\.count), max(1, keys.map(\.count).max() ?? 0))
        let places = rows.map { row in keys[row].map { source.places[row][$0] } }
        self.counts = counts
        self.width = width
        self.places = places
        self.cache = cache
        chosen =
            isKey == nil
            ? nil
            : Tensor(
                rows.flatMap { row in
                    (keys[row] + Array(repeating: 0, count: width - counts[row])).map {
                        row * source.tokens.width + $0
                    }
                },
                [rows.count * width]
            )
        let cached = cache?.places ?? []
        let known = rows.map { (cached.isEmpty ? [] : cached[$0]) + places[$0] }
        let hasNewKeys = counts.contains { $0 > 0 }
        let keyPositions = PassPositions(places, width: width)
        keyStep =
            hasNewKeys && cache != nil
            ? DecodingStep(keyPositions, appendingTo: cache) : nil
        // The slots of the longest row, and room for all rows' new keys.
        let slots = (cache?.length ?? 0) + width
        let queryWidth = target.tokens.width
        var allowed = [Bool](repeating: false, count: rows.count * queryWidth * slots)
        var attending = [Float](repeating: 0, count: rows.count * queryWidth)
        for row in rows {
            for (query, place) in target.places[row].enumerated()
            where isWritten?(row, place) ?? true {
                let start = (row * queryWidth + query) * slots
                // Keys are in the order of their places.
                for (slot, key) in known[row].enumerated() {
                    guard key <= place else { break }
                    allowed[start + slot] = true
                    attending[row * queryWidth + query] = 1
                }
            }
        }
        guard attending.contains(1) else {
            (step, self.attending) = (nil, nil)
            return
        }
        for query in attending.indices where attending[query] == 0 {
            // So that its softmax is finite.
            allowed[query * slots] = true
        }
        self.attending =
            attending.contains(0)
            ? Tensor(attending, [rows.count, queryWidth, 1]) : nil
        step = DecodingStep(
            positions: PassPositions(target.places, width: queryWidth),
            keyPositions: keyPositions,
            mask: Tensor(allowed, [rows.count, 1, queryWidth, slots]),
            cache: cache
        )
    }

    /// The keys' hidden states [B, K, E] among those of the source [B, U, E].
    func keys(_ hiddenStates: Tensor) -> Tensor {
        guard let chosen else { return hiddenStates }
        let size = hiddenStates.size(2)
        return hiddenStates.reshaped([-1, size]).selected(0, chosen)
            .reshaped([counts.count, width, size])
    }

    /// How keys are kept for later queries where nothing attends to them yet; `nil` if there are
    /// none.
    var remembering: DecodingStep? { step == nil ? keyStep : nil }

    /// Ends the pass.
    func advance() { cache?.advance(by: counts, places: places) }
}
