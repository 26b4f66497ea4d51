package import Decoders
internal import Layers
package import Tensors
package import Vocabulary

// R rows, S width of the hidden states.

/// Token sequences that a model continues together, with one forward pass a token.
///
/// Rows may differ in length, and can be added and dropped at any time.
package final class DecodingBatch {
    private let model: any LanguageModel
    /// `nil` before the first rows.
    private var cache: KeyValueCache?

    /// A batch without rows.
    package init(_ model: any LanguageModel) { self.model = model }

    /// Prefills the rows, whose beginnings may differ in length and be empty.
    package convenience init(_ model: any LanguageModel, reading beginnings: [[TokenID]]) {
        self.init(model)
        add(beginnings)
    }

    /// Rows that were read and are in no batch yet.
    struct ReadRows {
        fileprivate let cache: KeyValueCache
    }

    /// Reads the beginnings of rows.
    func read(_ beginnings: [[TokenID]]) -> ReadRows {
        let cache = KeyValueCache()
        _ = model.hiddenStates(TokenRows(beginnings), cache: cache)
        return ReadRows(cache: cache)
    }

    /// Reads the beginnings of rows, each different one once, and of those that `prefixes` knows the
    /// beginning of only the rest.
    ///
    /// - Returns: a row for each of the beginnings, and how many of its tokens were known.
    func read(_ beginnings: [[TokenID]], after prefixes: PrefixCache) -> (ReadRows, known: [Int]) {
        var numbers: [[TokenID]: Int] = [:]
        var distinct: [[TokenID]] = []
        for tokens in beginnings where numbers[tokens] == nil {
            numbers[tokens] = distinct.count
            distinct.append(tokens)
        }
        let known = distinct.map { prefixes.longest(of: $0) }
        let counts = known.map { $0?.lengths[0] ?? 0 }
        // 1. All that begin anew in one pass, then the others one by one.
        let cache = KeyValueCache()
        let new = distinct.indices.filter { known[$0] == nil }
        if !new.isEmpty {
            _ = model.hiddenStates(TokenRows(new.map { distinct[$0] }), cache: cache)
        }
        var order = new
        for (number, known) in known.enumerated() {
            guard let known else { continue }
            let rest = Array(distinct[number][known.lengths[0]...])
            order.append(number)
            if !rest.isEmpty { _ = model.hiddenStates(TokenRows([rest]), cache: known) }
            cache.append(rowsOf: known)
        }
        // 2. In the order of the beginnings, the same ones several times.
        let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
        let rows = beginnings.compactMap { numbers[$0].flatMap { places[$0] } }
        if rows != Array(cache.lengths.indices) { cache.keep(rows: rows) }
        return (ReadRows(cache: cache), known: beginnings.map { counts[numbers[$0] ?? 0] })
    }

    /// Adds rows behind the others.
    func add(_ rows: ReadRows) {
        guard let cache else { return cache = rows.cache }
        cache.append(rowsOf: rows.cache)
    }

    /// Reads rows and adds them behind the others.
    package func add(_ beginnings: [[TokenID]]) { add(read(beginnings)) }

    /// The present moment of a row, to which a copy of it can go back.
    func checkpoint(row: Int) -> KeyValueCache.Checkpoint? { cache?.checkpoint(row: row) }

    /// A copy of what was read of a row.
    func copy(row: Int) -> KeyValueCache? { cache?.copy(ofRow: row) }

    /// Keeps the rows with these numbers, in this order.
    package func keep(_ rows: [Int]) {
        guard !rows.isEmpty else { return cache = nil }
        cache?.keep(rows: rows)
    }

    /// Continues each row by one token.
    ///
    /// - Returns: the hidden states [R, S] of these tokens.
    package func hiddenStates(continuing tokens: [TokenID]) -> Tensor {
        // [R, 1, S]
        let hiddenStates = model.hiddenStates(TokenRows(tokens, rows: tokens.count), cache: cache)
        return hiddenStates.reshaped([tokens.count, -1])
    }
}
