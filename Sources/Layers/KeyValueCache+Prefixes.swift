package import Tensors

/// Rows of a cache by themselves, and the way back to a beginning of theirs.
extension KeyValueCache {
    /// A moment of a sequence to which its row can go back.
    ///
    /// Keys and values stay where they are; what a part of the network keeps of the last token only, and
    /// how much its branches have read, is in here.
    package struct Checkpoint {
        /// The number of positions at that moment.
        package let length: Int
        fileprivate let states: [ObjectIdentifier: Tensor]  // [1, …]
        fileprivate let marks: [ObjectIdentifier: Bool]
        fileprivate let branches: [ObjectIdentifier: Checkpoint]
    }

    /// The present moment of a row.
    package func checkpoint(row: Int) -> Checkpoint {
        Checkpoint(
            length: lengths[row],
            states: states.mapValues { $0.narrowed(0, row..<row + 1) },
            marks: marks.mapValues { $0[row] },
            branches: branches.mapValues { $0.checkpoint(row: row) }
        )
    }

    /// Whether a row can go back to every position: keys and values are all that is kept.
    package var goesBackAnywhere: Bool { states.isEmpty && marks.isEmpty && branches.isEmpty }

    /// Takes a cache of one row back to a moment of its sequence.
    package func goBack(to checkpoint: Checkpoint) {
        goBack(toPosition: checkpoint.length)
        states = checkpoint.states
        marks = checkpoint.marks.mapValues { [$0] }
        for (part, branch) in branches {
            guard let then = checkpoint.branches[part] else {
                branches[part] = nil
                continue
            }
            branch.goBack(to: then)
        }
    }

    /// Takes a cache of one row that ``goesBackAnywhere`` back to its first positions.
    package func goBack(toPosition length: Int) {
        precondition(lengths.count == 1 && length <= lengths[0], "one row goes back")
        lengths = [length]
        if !places.isEmpty { places = [Array(places[0].prefix(length))] }
    }

    /// A copy of one row, with room for what it has.
    package func copy(ofRow row: Int) -> KeyValueCache {
        let copy = KeyValueCache()
        copy.lengths = [lengths[row]]
        if !places.isEmpty { copy.places = [places[row]] }
        let index = Tensor([row], [1])
        copy.slots = slots.mapValues { slot in
            slot.mapped { $0.narrowed(2, 0..<lengths[row]).selected(0, index) }
        }
        let then = checkpoint(row: row)
        copy.states = then.states
        copy.marks = then.marks.mapValues { [$0] }
        copy.branches = branches.mapValues { $0.copy(ofRow: row) }
        return copy
    }

    /// The memory of keys and values.
    package var byteCount: Int {
        slots.values.reduce(0) { $0 + $1.byteCount }
            + branches.values.reduce(0) { $0 + $1.byteCount }
    }
}
