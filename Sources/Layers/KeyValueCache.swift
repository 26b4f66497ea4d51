internal import Basics
package import Tensors

/// The keys and values of the positions that a model has processed, a row per sequence.
///
/// Each attention layer has its own entry under its object identity. Rows may differ in length, and
/// can be added and removed. Networks with several towers, which may read different tokens of a
/// sequence, give each a ``branch(of:)``.
package final class KeyValueCache {
    /// The number of cached positions of each row; empty before the first pass.
    package internal(set) var lengths: [Int] = []
    /// Where the cached positions of each row are in the whole sequence, in a branch of a tower that
    /// does not read all of it.
    package internal(set) var places: [[Int]] = []
    var slots: [ObjectIdentifier: Slot] = [:]
    var states: [ObjectIdentifier: Tensor] = [:]  // [B, …]
    var marks: [ObjectIdentifier: [Bool]] = [:]
    var branches: [ObjectIdentifier: KeyValueCache] = [:]

    struct Slot {
        var keys: Tensor  // [B, K, capacity, W]
        var values: Tensor

        var capacity: Int { keys.size(2) }

        /// The bytes of a row's first positions.
        func byteCount(ofRow length: Int) -> Int {
            2 * keys.size(1) * length * keys.size(3) * keys.elementType.byteCount
        }

        func mapped(_ body: (Tensor) -> Tensor) -> Slot {
            Slot(keys: body(keys), values: body(values))
        }
    }

    package init() {}

    private init(rows: Int) { lengths = Array(repeating: 0, count: rows) }

    /// The number of cached positions of the longest row.
    package var length: Int { lengths.max() ?? 0 }

    /// The number of positions that it has room for.
    package var capacity: Int { slots.values.map(\.capacity).max() ?? 0 }

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
        let (rows, heads) = (keys.size(0), keys.size(2) / headWidth)
        let end = length + keys.size(1)
        let slot = slot(of: layer, [rows, heads, end, headWidth], keys.elementType)
        Tensor.remember(
            keys: keys,
            values: values,
            rotation: rotation,
            in: (slot.keys, slot.values),
            startingAt: lengths
        )
    }

    /// The keys and values of `layer` [B, K, C, W]; of those that were appended in this pass, too.
    func slot(of layer: AnyObject) -> Slot {
        guard let slot = slots[ObjectIdentifier(layer)] else {
            preconditionFailure("what is attended to is remembered before")
        }
        return slot
    }

    /// A slot with room for keys of this `shape` [B, K, S, W].
    private func slot(of layer: AnyObject, _ shape: [Int], _ type: ElementType) -> Slot {
        let old = slots[ObjectIdentifier(layer)]
        if let old, old.capacity >= shape[2] { return old }
        let capacity = max(shape[2], 2 * (old?.capacity ?? 0), 64)
        var room = shape
        room[2] = capacity
        let slot =
            old.map { $0.mapped { Self.grown($0, to: capacity) } }
            ?? Slot(keys: .zeros(room, type), values: .zeros(room, type))
        slots[ObjectIdentifier(layer)] = slot
        return slot
    }

    private static func empty(like sample: Tensor, _ capacity: Int) -> Tensor {
        .zeros(
            [sample.size(0), sample.size(1), capacity, sample.size(3)],
            sample.elementType
        )
    }

    private static func grown(_ old: Tensor, to capacity: Int) -> Tensor {
        guard capacity > old.size(2) else { return old }
        let new = empty(like: old, capacity)
        new.narrowed(2, 0..<old.size(2)).copy(from: old)
        return new
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

    /// What a part of the network remembers of each row; false before it is set.
    package func marks(of part: AnyObject, rows: Int) -> [Bool] {
        marks[ObjectIdentifier(part)] ?? Array(repeating: false, count: rows)
    }

    package func setMarks(of part: AnyObject, _ marks: [Bool]) {
        self.marks[ObjectIdentifier(part)] = marks
    }

    // MARK: - Rows

    /// Appends the rows of `other`, a cache of the same model.
    package func append(rowsOf other: KeyValueCache) {
        let (mine, others) = (lengths.count, other.lengths.count)
        if !places.isEmpty || !other.places.isEmpty {
            func all(_ places: [[Int]], _ count: Int) -> [[Int]] {
                places.isEmpty ? Array(repeating: [], count: count) : places
            }
            places = all(places, mine) + all(other.places, others)
        }
        lengths += other.lengths
        for (layer, slot) in other.slots {
            // A layer that has not run yet for some rows has no keys of them.
            let own = slots[layer] ?? slot.mapped { Self.rows(mine, like: $0) }
            slots[layer] = Self.joined(own, slot)
        }
        for (layer, slot) in slots where other.slots[layer] == nil {
            slots[layer] = Self.joined(slot, slot.mapped { Self.rows(others, like: $0) })
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

    private static func joined(_ first: Slot, _ second: Slot) -> Slot {
        let capacity = max(first.capacity, second.capacity)
        func joined(_ part: (Slot) -> Tensor) -> Tensor {
            .concatenated([first, second].map { grown(part($0), to: capacity) }, along: 0)
        }
        return Slot(keys: joined(\.keys), values: joined(\.values))
    }

    private static func rows(_ count: Int, like sample: Tensor) -> Tensor {
        .zeros([count] + sample.shape.dropFirst(), sample.elementType)
    }

    /// Keeps the rows with these indices, in this order; a row can be kept several times.
    package func keep(rows: [Int]) {
        guard !lengths.isEmpty else { return }
        let indices = Tensor(rows, [rows.count])
        lengths = rows.map { lengths[$0] }
        if !places.isEmpty { places = rows.map { places[$0] } }
        // A long row that leaves takes its room with it.
        let room = max(64, 2 * length)
        slots = slots.mapValues { slot in
            slot.mapped { $0.narrowed(2, 0..<min($0.size(2), room)).selected(0, indices) }
        }
        states = states.mapValues { $0.selected(0, indices) }
        marks = marks.mapValues { marks in rows.map { marks[$0] } }
        for branch in branches.values { branch.keep(rows: rows) }
    }
}
