public import Tensors

/// The keys and values of the positions that a model has already seen.
///
/// Each attention layer keeps its own under its identity, so a model with two towers and bridges
/// needs nothing special. A batch may hold prompts of unequal length, padded on the left.
public final class KeyValueCache {
    /// The number of positions seen, padding included.
    public private(set) var length = 0
    private let leftPadding: [Int]
    private var slots: [ObjectIdentifier: Slot] = [:]

    private struct Slot {
        var keys: Tensor  // [B, K, capacity, W]
        var values: Tensor
        var capacity: Int
    }

    /// An empty cache.
    ///
    /// - Parameter leftPadding: for each row of the batch, how many positions at its start are
    ///   padding that nothing may attend to; empty where no row has any.
    public init(leftPadding: [Int] = []) {
        self.leftPadding = leftPadding.contains { $0 > 0 } ? leftPadding : []
    }

    /// Adds keys and values [B, K, T, W] of `layer` and returns all of them [B, K, length + T, W].
    func extend(_ layer: AnyObject, keys: Tensor, values: Tensor) -> (keys: Tensor, values: Tensor)
    {
        let end = length + keys.size(2)
        var slot = slots[ObjectIdentifier(layer)] ?? Slot(keys: keys, values: values, capacity: 0)
        if end > slot.capacity {
            let capacity = max(end, slot.capacity * 2, 64)
            slot.keys = grown(
                slot.keys,
                from: keys,
                filled: min(length, slot.capacity),
                to: capacity
            )
            slot.values = grown(
                slot.values,
                from: values,
                filled: min(length, slot.capacity),
                to: capacity
            )
            slot.capacity = capacity
            slots[ObjectIdentifier(layer)] = slot
        }
        slot.keys.narrowed(2, length..<end).copy(from: keys)
        slot.values.narrowed(2, length..<end).copy(from: values)
        return (slot.keys.narrowed(2, 0..<end), slot.values.narrowed(2, 0..<end))
    }

    /// Says that a whole forward pass over `count` positions is done.
    public func advance(by count: Int) {
        length += count
    }

    /// What `count` new positions may attend to, among those seen and themselves.
    func mask(for count: Int) -> AttentionMask {
        if leftPadding.isEmpty, count == 1 { return .full }
        if leftPadding.isEmpty, length == 0 { return .causal }
        let end = length + count
        let paddings = leftPadding.isEmpty ? [0] : leftPadding
        var allowed: [Bool] = []
        for padding in paddings {
            for query in length..<end {
                // A padded position attends to itself, so that its softmax is finite.
                allowed += (0..<end).map { $0 == query || ($0 < query && $0 >= padding) }
            }
        }
        return .explicit(Tensor(allowed, [paddings.count, 1, count, end]))
    }

    private func grown(_ old: Tensor, from sample: Tensor, filled: Int, to capacity: Int) -> Tensor
    {
        let new = Tensor.zeros(
            [sample.size(0), sample.size(1), capacity, sample.size(3)],
            sample.elementType
        )
        if filled > 0 { new.narrowed(2, 0..<filled).copy(from: old.narrowed(2, 0..<filled)) }
        return new
    }
}

/// What one pass over a batch of tokens shares between all layers.
public struct DecodingStep {
    /// The position of the first token.
    public let offset: Int
    /// What each position may attend to.
    public let mask: AttentionMask
    let cache: KeyValueCache?

    /// A pass over `count` positions that follow those in `cache`.
    public init(count: Int, cache: KeyValueCache?) {
        offset = cache?.length ?? 0
        mask = cache?.mask(for: count) ?? .causal
        self.cache = cache
    }
}
