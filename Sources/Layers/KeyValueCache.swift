internal import Basics
package import Tensors

/// The keys and values of the positions that a model has processed, a row per sequence.
///
/// Each attention layer has its own entry under its object identity, and in it each row has memory of
/// its own: rows may differ in length, and come and go without the others being moved. Networks with
/// several towers, which may read different tokens of a sequence, give each a ``branch(of:)``.
package final class KeyValueCache {
    /// The number of cached positions of each row; empty before the first pass.
    package internal(set) var lengths: [Int] = []
    /// Where the cached positions of each row are in the whole sequence, in a branch of a tower that
    /// does not read all of it.
    package internal(set) var places: [[Int]] = []
    /// Of each layer, the keys and values of each row.
    var slots: [ObjectIdentifier: [Slot]] = [:]
    var states: [ObjectIdentifier: Tensor] = [:]  // [B, …]
    var marks: [ObjectIdentifier: [UInt8]] = [:]
    var branches: [ObjectIdentifier: KeyValueCache] = [:]

    package init() {}

    init(rows: Int) { lengths = Array(repeating: 0, count: rows) }

    /// The number of cached positions of the longest row.
    package var length: Int { lengths.max() ?? 0 }

    /// The most positions that a row has room for.
    package var capacity: Int { slots.values.flatMap(\.self).map(\.capacity).max() ?? 0 }

    /// Begins a pass over `count` rows.
    package func begin(rows count: Int) {
        if lengths.isEmpty { lengths = Array(repeating: 0, count: count) }
        precondition(lengths.count == count, "a pass has a token for each row of the cache")
    }

    /// Appends `keys`, rotated, and `values` [B, T, K · W] of `layer`.
    func remember(
        _ layer: AnyObject,
        keys: Tensor,
        values: Tensor,
        headWidth: Int,
        rotation: Tensor.Rotation?
    ) {
        let rows = slots(
            of: layer,
            headCount: keys.size(2) / headWidth,
            headWidth,
            keys.elementType,
            adding: keys.size(1)
        )
        Tensor.remember(
            keys: keys,
            values: values,
            rotation: rotation,
            in: rows.map { ($0.keys, $0.values) },
            startingAt: lengths
        )
    }

    /// The memory of each row, with room for `count` more positions.
    private func slots(
        of layer: AnyObject,
        headCount: Int,
        _ headWidth: Int,
        _ type: ElementType,
        adding count: Int
    ) -> [Slot] {
        let known = slots[ObjectIdentifier(layer)] ?? []
        let areEnough =
            known.count == lengths.count
            && zip(known, lengths).allSatisfy { $0.capacity >= $1 + count }
        if areEnough { return known }
        let rows = lengths.enumerated().map { row, length in
            let room = Slot.room(for: length + count)
            guard row < known.count else { return Slot([headCount, room, headWidth], type) }
            return known[row].capacity < length + count ? known[row].copy(room: room) : known[row]
        }
        slots[ObjectIdentifier(layer)] = rows
        return rows
    }

    /// The keys and values of `layer` of each row [K, C, W]; of those that were appended in this pass, too.
    func keysAndValues(of layer: AnyObject) -> [(keys: Tensor, values: Tensor)] {
        (slots[ObjectIdentifier(layer)] ?? []).map { ($0.keys, $0.values) }
    }

    /// Ends a pass, in which row `b` got `counts[b]` positions.
    ///
    /// What lies behind them, keys of padding, is overwritten by the next pass.
    package func advance(by counts: [Int], places: [[Int]] = []) {
        lengths = zip(lengths, counts).map(+)
        guard !places.isEmpty else { return }
        if self.places.isEmpty { self.places = Array(repeating: [], count: counts.count) }
        for row in places.indices { self.places[row] += places[row] }
    }

    // MARK: - Branches and states

    /// The cache of a part of the network that does not read all tokens.
    package func branch(of part: AnyObject) -> KeyValueCache {
        if let branch = branches[ObjectIdentifier(part)] { return branch }
        let branch = KeyValueCache()
        branches[ObjectIdentifier(part)] = branch
        return branch
    }

    /// What a part of the network keeps of each row [B, …]; `nil` before it is set.
    package subscript(stateOf part: AnyObject) -> Tensor? {
        get { states[ObjectIdentifier(part)] }
        set { states[ObjectIdentifier(part)] = newValue }
    }

    /// What a part of the network remembers of each row; 0 before it is set.
    package func marks(of part: AnyObject, rows: Int) -> [UInt8] {
        marks[ObjectIdentifier(part)] ?? Array(repeating: 0, count: rows)
    }

    package func setMarks(of part: AnyObject, _ marks: [UInt8]) {
        self.marks[ObjectIdentifier(part)] = marks
    }

    // MARK: - Rows

    /// Appends the rows of `other`, a cache of the same model, which is not used any more.
    package func append(rowsOf other: KeyValueCache) {
        let (mine, others) = (lengths.count, other.lengths.count)
        if !places.isEmpty || !other.places.isEmpty {
            func all(_ places: [[Int]], _ count: Int) -> [[Int]] {
                places.isEmpty ? Array(repeating: [], count: count) : places
            }
            places = all(places, mine) + all(other.places, others)
        }
        lengths += other.lengths
        for (layer, rows) in other.slots {
            // A layer that has not run yet for some rows has no keys of them.
            slots[layer] = (slots[layer] ?? rows[0].emptied(mine)) + rows
        }
        for (layer, rows) in slots where other.slots[layer] == nil {
            slots[layer] = rows + rows[0].emptied(others)
        }
        states = states.merging(other.states) { .concatenated([$0, $1], along: 0) }
        marks = marks.merging(other.marks) { $0 + $1 }
        for (part, branch) in branches {
            branch.append(rowsOf: other.branches[part] ?? KeyValueCache(rows: others))
        }
        for (part, branch) in other.branches where branches[part] == nil {
            let own = KeyValueCache(rows: mine)
            own.append(rowsOf: branch)
            branches[part] = own
        }
    }

    /// Keeps the rows with these indices, in this order; a row can be kept several times.
    package func keep(rows: [Int]) {
        guard !lengths.isEmpty else { return }
        let indices = Tensor(rows, [rows.count])
        lengths = rows.map { lengths[$0] }
        if !places.isEmpty { places = rows.map { places[$0] } }
        slots = slots.mapValues { slots in
            var kept: Set<Int> = []
            return rows.map { row in
                kept.insert(row).inserted ? slots[row] : slots[row].copy(room: slots[row].capacity)
            }
        }
        states = states.mapValues { $0.selected(0, indices) }
        marks = marks.mapValues { marks in rows.map { marks[$0] } }
        for branch in branches.values { branch.keep(rows: rows) }
    }
}

/// The keys and values of a row in a layer, with room for more.
struct Slot {
    let keys: Tensor  // [K, C, W]
    let values: Tensor

    /// Zeros [K, C, W].
    init(_ shape: [Int], _ type: ElementType) {
        keys = .zeros(shape, type)
        values = .zeros(shape, type)
    }

    var capacity: Int { keys.size(1) }

    /// The room for a row of this length, which grows on.
    static func room(for length: Int) -> Int { max(64, length + length / 2) }

    /// The bytes of the first positions.
    func byteCount(of length: Int) -> Int {
        2 * keys.size(0) * length * keys.size(2) * keys.elementType.byteCount
    }

    /// A copy with more or less room.
    func copy(room capacity: Int) -> Slot {
        let copy = Slot([keys.size(0), capacity, keys.size(2)], keys.elementType)
        let common = 0..<min(capacity, self.capacity)
        copy.keys.narrowed(1, common).copy(from: keys.narrowed(1, common))
        copy.values.narrowed(1, common).copy(from: values.narrowed(1, common))
        return copy
    }

    /// Rows of the same layer without keys.
    func emptied(_ count: Int) -> [Slot] {
        (0..<count).map { _ in
            Slot([keys.size(0), Self.room(for: 0), keys.size(2)], keys.elementType)
        }
    }
}
