internal import Tensors

/// Rows of a cache by themselves, as they are or were at a moment before.
extension KeyValueCache {
    /// A moment of a sequence.
    ///
    /// Keys and values stay in the cache; what a part of the network keeps of the last token only, and how
    /// much its branches have read, is in here.
    package struct Checkpoint {
        /// The number of positions at that moment.
        package let length: Int
        fileprivate let states: [ObjectIdentifier: Tensor]  // [1, …]
        fileprivate let marks: [ObjectIdentifier: UInt8]
        fileprivate let branches: [ObjectIdentifier: Checkpoint]

        /// The moment after so many positions, of a cache with ``KeyValueCache/onlyKeysAndValues``.
        package init(position length: Int) {
            (self.length, states, marks, branches) = (length, [:], [:], [:])
        }

        fileprivate init(_ cache: KeyValueCache, row: Int) {
            length = cache.lengths[row]
            states = cache.states.mapValues { $0.narrowed(0, row..<row + 1) }
            marks = cache.marks.mapValues { $0[row] }
            branches = cache.branches.mapValues { Checkpoint($0, row: row) }
        }
    }

    /// The present moment of a row.
    package func checkpoint(row: Int) -> Checkpoint { Checkpoint(self, row: row) }

    /// Whether keys and values are all that is kept, so that every position is a moment to copy.
    package var onlyKeysAndValues: Bool { states.isEmpty && marks.isEmpty && branches.isEmpty }

    /// A copy of one row as it was at `moment`, by default as it is: with room for just that, or also for
    /// `more` positions that will follow, and some others.
    package func copy(
        ofRow row: Int,
        at moment: Checkpoint? = nil,
        followedBy more: Int? = nil
    ) -> KeyValueCache {
        let moment = moment ?? checkpoint(row: row)
        precondition(moment.length <= lengths[row], "the moment is one of the row's")
        let copy = KeyValueCache()
        copy.lengths = [moment.length]
        if !places.isEmpty { copy.places = [Array(places[row].prefix(moment.length))] }
        let room = more.map { Slot.room(for: moment.length + $0) } ?? moment.length
        copy.slots = slots.mapValues { [$0[row].copy(room: room)] }
        copy.states = moment.states
        copy.marks = moment.marks.mapValues { [$0] }
        for (part, then) in moment.branches {
            copy.branches[part] = branches[part]?.copy(ofRow: row, at: then, followedBy: more)
        }
        return copy
    }

    /// Each row by itself; this cache is not used any more.
    package func separated() -> [KeyValueCache] {
        let branches = branches.mapValues { $0.separated() }
        return lengths.indices.map { row in
            let alone = KeyValueCache(rows: 1)
            alone.lengths = [lengths[row]]
            alone.places = places.isEmpty ? [] : [places[row]]
            alone.slots = slots.mapValues { [$0[row]] }
            alone.states = states.mapValues { $0.narrowed(0, row..<row + 1) }
            alone.marks = marks.mapValues { [$0[row]] }
            alone.branches = branches.mapValues { $0[row] }
            return alone
        }
    }

    /// The memory that a copy of one row takes for keys and values.
    package func byteCount(ofRow row: Int) -> Int {
        slots.values.reduce(0) { $0 + $1[row].byteCount(of: lengths[row]) }
            + branches.values.reduce(0) { $0 + $1.byteCount(ofRow: row) }
    }
}
