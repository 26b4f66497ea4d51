extension TokenUnion {
    /// How the rows of one parent's tables map to the ids of a union.
    package struct Side: Sendable, Equatable {
        package enum Case: String, Sendable, CaseIterable {
            /// The parent has a token with the same text or meaning.
            case matched
            /// The mean of the rows of the parent's tokens for the text.
            case pieces
            /// The parent has no equivalent, as for an image code or special token.
            case absent
            /// No token uses the row.
            case unused
        }

        /// The parent's rows for each id.
        package private(set) var map = RowMap()
        package private(set) var cases: [Case] = []
        /// The number of the parent's text tokens that are not in the union.
        package private(set) var leftOut = 0

        /// The side of the parent whose ids the union keeps.
        init(keeping parent: Tokenizer, rows parentRows: Int, in union: Tokenizer, rows: Int) {
            let finder = TokenFinder(parent)
            for id in 0..<parent.space.count {
                let isUsed = union.spelling(of: id) != nil
                add([id], isUsed ? .matched : .unused)
            }
            for id in parent.space.count..<union.space.count { add(id, of: union, by: finder) }
            addUnused(parent.space.count..<parentRows, upTo: rows)
        }

        /// The side of a parent with the ids of the union and a row for each of them.
        init(identityOf rows: Int, tokens: Int) {
            for row in 0..<rows { add([row], row < tokens ? .matched : .unused) }
        }

        /// The side of the other parent.
        package init(
            matching parent: Tokenizer,
            rows parentRows: Int,
            in union: Tokenizer,
            rows: Int
        ) {
            let finder = TokenFinder(parent)
            for id in 0..<union.space.count { add(id, of: union, by: finder) }
            let matched = Set(cases.indices.filter { cases[$0] == .matched }.flatMap { map[$0] })
            leftOut = parent.space.text.ranges.joined().count { !matched.contains(Int32($0)) }
            addUnused(parent.space.count..<parentRows, upTo: rows)
        }

        package func count(of expected: Case) -> Int { cases.count { $0 == expected } }

        /// Whether the parent has its own row for `id`.
        package func has(_ id: Int) -> Bool { cases[id] != .pieces && !map[id].isEmpty }

        private mutating func add(_ rows: [Int], _ found: Case) {
            map.append(rows.map(Int32.init))
            cases.append(found)
        }

        private mutating func add(_ id: Int, of union: Tokenizer, by finder: TokenFinder) {
            if let own = finder.token(like: id, of: union) { return add([own], .matched) }
            guard union.spelling(of: id) != nil else { return add([], .unused) }
            let pieces = finder.pieces(of: id, in: union)
            add(pieces, pieces.isEmpty ? .absent : .pieces)
        }

        /// Appends the parent's unused rows, then empty ones up to `rows`.
        private mutating func addUnused(_ own: Range<Int>, upTo rows: Int) {
            for row in own { add([row], .unused) }
            while cases.count < rows { add([], .unused) }
        }
    }
}
