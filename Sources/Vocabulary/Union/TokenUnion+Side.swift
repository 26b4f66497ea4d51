extension TokenUnion {
    /// How the rows of one parent's tables stand for the ids of a union.
    package struct Side: Sendable, Equatable {
        /// How a parent's row for an id is found.
        package enum Case: String, Sendable, CaseIterable {
            /// The parent has a token of the same text or meaning: its row.
            case matched
            /// The mean of the rows of the pieces into which the parent splits the text.
            case pieces
            /// The parent has nothing like it: an image code, a special token, another special token.
            case absent
            /// A row that no token uses.
            case unused
        }

        /// The rows of the parent that stand for each id.
        package private(set) var map = RowMap()
        /// The case of each id.
        package private(set) var cases: [Case] = []
        /// The parent's pieces of text that are no token of the union.
        package private(set) var leftOut = 0

        /// Of the parent whose ids are those of the union, as far as it has any.
        init(keeping parent: Tokenizer, rows parentRows: Int, in union: Tokenizer, rows: Int) {
            let finder = TokenFinder(parent)
            for id in 0..<parent.space.count {
                let isUsed = union.spelling(of: id) != nil
                add([id], isUsed ? .matched : .unused)
            }
            for id in parent.space.count..<union.space.count { add(id, of: union, by: finder) }
            addUnused(parent.space.count..<parentRows, upTo: rows)
        }

        /// Of a parent whose ids are those of the union, with a row of its own for each.
        init(identityOf rows: Int, tokens: Int) {
            for row in 0..<rows { add([row], row < tokens ? .matched : .unused) }
        }

        /// Of the other parent.
        init(matching parent: Tokenizer, rows parentRows: Int, in union: Tokenizer, rows: Int) {
            let finder = TokenFinder(parent)
            for id in 0..<union.space.count { add(id, of: union, by: finder) }
            let matched = Set(cases.indices.filter { cases[$0] == .matched }.flatMap { map[$0] })
            leftOut = parent.space.text.ranges.joined().count { !matched.contains(Int32($0)) }
            addUnused(parent.space.count..<parentRows, upTo: rows)
        }

        /// The number of ids of a case.
        package func count(of expected: Case) -> Int { cases.count { $0 == expected } }

        /// Whether the parent has a row of its own for `id`.
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

        /// Keeps the parent's unused rows at the end; where it has fewer, there is none.
        private mutating func addUnused(_ own: Range<Int>, upTo rows: Int) {
            for row in own { add([row], .unused) }
            while cases.count < rows { add([], .unused) }
        }
    }
}
