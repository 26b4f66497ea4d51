package import Tensors

/// The keys and values of the positions that a model has already seen.
///
/// Each attention layer keeps its own under its identity, so a model with two towers and bridges
/// needs nothing special. A batch may hold rows of unequal length, padded on the left; rows can join
/// it and leave it.
package final class KeyValueCache {
    /// The number of positions seen, padding included.
    package private(set) var length: Int
    private var leftPadding: [Int]
    private var slots: [ObjectIdentifier: Slot] = [:]
    /// What one new position of each row may attend to [B, 1, 1, capacity], once it was asked for.
    private var singleMask: Tensor?

    private struct Slot {
        var keys: Tensor  // [B, K, capacity, W]
        var values: Tensor

        var capacity: Int { keys.size(2) }

        func mapped(_ body: (Tensor) -> Tensor) -> Slot {
            Slot(keys: body(keys), values: body(values))
        }
    }

    /// An empty cache.
    ///
    /// - Parameters:
    ///   - leftPadding: for each row of the batch, how many positions at its start are padding that
    ///     nothing may attend to; empty where no row has any.
    ///   - start: the first position to come; those before it are padding in every row.
    package init(leftPadding: [Int] = [], startingAt start: Int = 0) {
        precondition(start == 0 || !leftPadding.isEmpty && leftPadding.allSatisfy { $0 >= start })
        self.leftPadding = leftPadding
        length = start
    }

    /// Adds keys and values [B, K, T, W] of `layer` and returns all of them [B, K, length + T, W].
    func extend(_ layer: AnyObject, keys: Tensor, values: Tensor) -> (keys: Tensor, values: Tensor)
    {
        let end = length + keys.size(2)
        let slot = slot(of: layer, like: keys, atLeast: end)
        slot.keys.narrowed(2, length..<end).copy(from: keys)
        slot.values.narrowed(2, length..<end).copy(from: values)
        return (slot.keys.narrowed(2, 0..<end), slot.values.narrowed(2, 0..<end))
    }

    private func slot(of layer: AnyObject, like sample: Tensor, atLeast end: Int) -> Slot {
        let old = slots[ObjectIdentifier(layer)]
        if let old, old.capacity >= end { return old }
        let capacity = max(end, 2 * (old?.capacity ?? 0), 64)
        let shape = [sample.size(0), sample.size(1), capacity, sample.size(3)]
        let slot = Slot(
            keys: .zeros(shape, sample.elementType),
            values: .zeros(shape, sample.elementType)
        )
        if let old {
            slot.keys.narrowed(2, 0..<length).copy(from: old.keys.narrowed(2, 0..<length))
            slot.values.narrowed(2, 0..<length).copy(from: old.values.narrowed(2, 0..<length))
        }
        slots[ObjectIdentifier(layer)] = slot
        return slot
    }

    /// Says that a whole forward pass over `count` positions is done.
    package func advance(by count: Int) {
        length += count
    }

    // MARK: - Rows

    /// Puts the rows of `other`, a cache of the same model and length, after those that are here.
    ///
    /// Both caches were given their left padding, or both have none.
    package func append(rowsOf other: KeyValueCache) {
        precondition(length == other.length, "rows end at the same position")
        precondition(leftPadding.isEmpty == other.leftPadding.isEmpty)
        leftPadding += other.leftPadding
        singleMask = nil
        slots = slots.merging(other.slots) { mine, others in
            Slot(
                keys: .concatenated([seen(mine.keys), seen(others.keys)], along: 0),
                values: .concatenated([seen(mine.values), seen(others.values)], along: 0)
            )
        }
    }

    /// Keeps the rows with these numbers, in this order.
    package func keep(rows: [Int]) {
        let indices = Tensor(rows, [rows.count])
        if !leftPadding.isEmpty { leftPadding = rows.map { leftPadding[$0] } }
        singleMask = nil
        slots = slots.mapValues { slot in slot.mapped { $0.selected(0, indices) } }
    }

    private func seen(_ tensor: Tensor) -> Tensor { tensor.narrowed(2, 0..<length) }

    // MARK: - Positions and masks

    /// Where `count` new positions stand in their rows, padding apart, counted from `first`: int64
    /// [B, count], or [1, count] where it is the same for all.
    func positions(for count: Int, from first: Int) -> Tensor {
        let paddings = isPadded ? leftPadding : [0]
        let positions = paddings.flatMap { padding in
            // What padding attends to nobody sees; it only has to be in the table.
            (length..<length + count).map { first + max(0, $0 - padding) }
        }
        return Tensor(positions, [paddings.count, count])
    }

    /// What `count` new positions may attend to, among those seen and themselves; with a window only
    /// to that many of the last.
    func mask(for count: Int, within window: Int? = nil) -> AttentionMask {
        let end = length + count
        let window = window ?? end
        if window < end { return .explicit(mask(for: count, upTo: end, within: window)) }
        if count == 1 {
            return isPadded ? .explicit(singleMask(upTo: end)) : .full
        }
        if length == 0, !isPadded { return .causal }
        return .explicit(mask(for: count, upTo: end, within: end))
    }

    private func mask(for count: Int, upTo end: Int, within window: Int) -> Tensor {
        let paddings = leftPadding.isEmpty ? [0] : leftPadding
        var allowed = [Bool](repeating: false, count: paddings.count * count * end)
        var start = 0
        for padding in paddings {
            for query in length..<end {
                let first = max(min(padding, query), query + 1 - window)
                for key in first..<query { allowed[start + key] = true }
                // A padded position attends to itself, so that its softmax is finite.
                allowed[start + query] = true
                start += end
            }
        }
        return Tensor(allowed, [paddings.count, 1, count, end])
    }

    private var isPadded: Bool { leftPadding.contains { $0 > 0 } }

    /// Row by row false for the padding and true after it; made for more positions than asked for,
    /// since it is asked for before every token.
    private func singleMask(upTo end: Int) -> Tensor {
        if let singleMask, singleMask.size(3) >= end { return singleMask.narrowed(3, 0..<end) }
        let capacity = 2 * end
        let allowed = leftPadding.flatMap { padding in (0..<capacity).map { $0 >= padding } }
        let mask = Tensor(allowed, [leftPadding.count, 1, 1, capacity])
        singleMask = mask
        return mask.narrowed(3, 0..<end)
    }
}

/// What one pass over a batch of tokens shares between all layers.
package struct DecodingStep {
    /// The position of the first token.
    package let offset: Int
    /// What each position may attend to.
    package let mask: AttentionMask
    private let windowed = WindowedMasks()
    private let count: Int
    let cache: KeyValueCache?

    /// A pass over `count` positions that follow those in `cache`.
    package init(count: Int, cache: KeyValueCache?) {
        offset = cache?.length ?? 0
        mask = cache?.mask(for: count) ?? .causal
        self.count = count
        self.cache = cache
    }

    /// What each position may attend to among the last `window` positions, itself included.
    func mask(within window: Int?) -> AttentionMask {
        guard let window, offset + count > window else { return mask }
        if let made = windowed.masks[window] { return made }
        let made = (cache ?? KeyValueCache()).mask(for: count, within: window)
        windowed.masks[window] = made
        return made
    }

    /// Where each token stands in its row, counted from `first`: int64 [B, T] or [1, T].
    func positions(from first: Int) -> Tensor {
        guard let cache else { return .range(first..<first + count).reshaped([1, -1]) }
        return cache.positions(for: count, from: first)
    }

    /// Masks by their window, made once for all layers.
    private final class WindowedMasks {
        var masks: [Int: AttentionMask] = [:]
    }
}
