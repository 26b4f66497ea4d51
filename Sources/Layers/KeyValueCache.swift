package import Tensors

/// The keys and values of the positions that a model has processed.
///
/// Each attention layer has its own entry under its object identity, so two towers and their bridges
/// need nothing special. The rows of a batch may differ in length, padded on the left; rows can be
/// added and removed.
package final class KeyValueCache {
    /// The number of cached positions, padding included.
    package private(set) var length: Int
    private var leftPadding: [Int]
    private var slots: [ObjectIdentifier: Slot] = [:]
    /// The cached mask [B, 1, 1, capacity] of one new position per row.
    private var singleMask: Tensor?

    private struct Slot {
        var keys: Tensor  // [B, K, capacity, W]
        var values: Tensor

        var capacity: Int { keys.size(2) }

        func mapped(_ body: (Tensor) -> Tensor) -> Slot {
            Slot(keys: body(keys), values: body(values))
        }
    }

    /// - Parameters:
    ///   - leftPadding: for each row of the batch, the number of padding positions at its start, which
    ///     are masked; empty if there are none.
    ///   - start: the first position to come; those before it are padding in every row.
    package init(leftPadding: [Int] = [], startingAt start: Int = 0) {
        precondition(start == 0 || !leftPadding.isEmpty && leftPadding.allSatisfy { $0 >= start })
        self.leftPadding = leftPadding
        length = start
    }

    /// Appends keys and values [B, K, T, W] of `layer` and returns all of them [B, K, length + T, W].
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

    /// Ends a forward pass over `count` positions.
    package func advance(by count: Int) {
        length += count
    }

    // MARK: - Rows

    /// Appends the rows of `other`, a cache of the same model and length.
    ///
    /// Either both caches have left padding or neither has.
    package func append(rowsOf other: KeyValueCache) {
        precondition(length == other.length, "rows must have the same length")
        precondition(leftPadding.isEmpty == other.leftPadding.isEmpty)
        leftPadding += other.leftPadding
        singleMask = nil
        slots = slots.merging(other.slots) { mine, others in
            Slot(
                keys: .concatenated([filled(mine.keys), filled(others.keys)], along: 0),
                values: .concatenated([filled(mine.values), filled(others.values)], along: 0)
            )
        }
    }

    /// Keeps the rows with these indices, in this order.
    package func keep(rows: [Int]) {
        let indices = Tensor(rows, [rows.count])
        if !leftPadding.isEmpty { leftPadding = rows.map { leftPadding[$0] } }
        singleMask = nil
        slots = slots.mapValues { slot in slot.mapped { $0.selected(0, indices) } }
    }

    private func filled(_ tensor: Tensor) -> Tensor { tensor.narrowed(2, 0..<length) }

    // MARK: - Positions and masks

    /// The position indices of `count` new tokens without padding, counted from `first`: int64
    /// [B, count], or [1, count] if all rows agree.
    func positions(for count: Int, from first: Int) -> Tensor {
        let paddings = isPadded ? leftPadding : [0]
        let positions = paddings.flatMap { padding in
            // The output at padding is never used; its index only has to be in the table.
            (length..<length + count).map { first + max(0, $0 - padding) }
        }
        return Tensor(positions, [paddings.count, count])
    }

    /// The mask of `count` new positions over the cached ones and themselves; with a window, over the
    /// last `window` positions only.
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

    /// True after each row's padding; made for more positions than needed, because every new token
    /// needs it.
    private func singleMask(upTo end: Int) -> Tensor {
        if let singleMask, singleMask.size(3) >= end { return singleMask.narrowed(3, 0..<end) }
        let capacity = 2 * end
        let allowed = leftPadding.flatMap { padding in (0..<capacity).map { $0 >= padding } }
        let mask = Tensor(allowed, [leftPadding.count, 1, 1, capacity])
        singleMask = mask
        return mask.narrowed(3, 0..<end)
    }
}

/// What the layers share in one forward pass.
package struct DecodingStep {
    /// The position of the first token.
    let offset: Int
    private let mask: AttentionMask
    private let windowed = WindowedMasks()
    private let count: Int
    let cache: KeyValueCache?

    /// A causal pass over `count` positions that follow those in `cache`.
    package init(count: Int, cache: KeyValueCache?) {
        offset = cache?.length ?? 0
        mask = cache?.mask(for: count) ?? .causal
        self.count = count
        self.cache = cache
    }

    /// A pass over whole sequences of `count` positions.
    package init(count: Int, mask: AttentionMask) {
        offset = 0
        self.mask = mask
        self.count = count
        cache = nil
    }

    /// The mask over the last `window` positions, the current one included; over all without a window.
    func mask(within window: Int?) -> AttentionMask {
        guard let window, offset + count > window else { return mask }
        if let made = windowed.masks[window] { return made }
        let made = (cache ?? KeyValueCache()).mask(for: count, within: window)
        windowed.masks[window] = made
        return made
    }

    /// The position index of each token, counted from `first`: int64 [B, T] or [1, T].
    func positions(from first: Int) -> Tensor {
        guard let cache else { return .range(first..<first + count).reshaped([1, -1]) }
        return cache.positions(for: count, from: first)
    }

    /// Masks by window size, made once for all layers.
    private final class WindowedMasks {
        var masks: [Int: AttentionMask] = [:]
    }
}
