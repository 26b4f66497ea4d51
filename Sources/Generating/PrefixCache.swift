internal import Layers
internal import Vocabulary

/// Keys and values of sequences that were read before, for prompts that begin alike: the next turn of a
/// conversation, or the same question again.
///
/// What is reused has the bits that reading it again would give, where all matrices are packed.
package final class PrefixCache {
    private struct Entry {
        let tokens: [TokenID]
        let cache: KeyValueCache
        /// The moments of which a copy can be made, the earliest first, where not every position is one.
        let checkpoints: [KeyValueCache.Checkpoint]
        let byteCount: Int
    }

    private let byteLimit: Int
    /// The latest last.
    private var entries: [Entry] = []

    /// - Parameter byteLimit: the most memory; 0 keeps nothing.
    package init(byteLimit: Int) { self.byteLimit = byteLimit }

    /// Whether anything is kept.
    var remembers: Bool { byteLimit > 0 }

    /// The memory of all keys and values.
    package var byteCount: Int { entries.reduce(0) { $0 + $1.byteCount } }

    /// How many tokens are known of the beginning of `tokens`.
    func knownCount(of tokens: [TokenID]) -> Int { best(for: tokens)?.moment.length ?? 0 }

    /// A cache of one row that has read the longest known beginning of `tokens`, with room for the others;
    /// `nil` if there is none.
    func longest(of tokens: [TokenID]) -> KeyValueCache? {
        guard let best = best(for: tokens) else { return nil }
        // Used, so it is the last to go.
        let entry = entries.remove(at: best.entry)
        entries.append(entry)
        return entry.cache.copy(
            ofRow: 0,
            at: best.moment,
            followedBy: tokens.count - best.moment.length
        )
    }

    private func best(
        for tokens: [TokenID]
    ) -> (entry: Int, moment: KeyValueCache.Checkpoint)? {
        var best: (entry: Int, moment: KeyValueCache.Checkpoint)?
        for (number, entry) in entries.enumerated() {
            let shared = zip(entry.tokens, tokens).prefix { $0 == $1 }.count
            let moment =
                entry.cache.onlyKeysAndValues
                ? KeyValueCache.Checkpoint(position: shared)
                : entry.checkpoints.last { $0.length <= shared }
            // Of several that share as much, the latest.
            if let moment, moment.length >= best?.moment.length ?? 1 { best = (number, moment) }
        }
        return best
    }

    /// Remembers a sequence in place of those that are beginnings of it, whose moments are moments of it,
    /// too; those that have not been used for longest make room.
    ///
    /// - Parameters:
    ///   - tokens: all that the row has read.
    ///   - byteCount: the memory that its copy takes.
    ///   - checkpoints: the moments to go back to, the earliest first.
    ///   - copy: copies the row, once there is room.
    func remember(
        _ tokens: [TokenID],
        byteCount: Int,
        _ checkpoints: [KeyValueCache.Checkpoint],
        copy: () throws -> KeyValueCache
    ) rethrows {
        guard byteCount > 0, byteCount <= byteLimit else { return }
        var moments = checkpoints
        for entry in entries where tokens.starts(with: entry.tokens) {
            moments += entry.checkpoints
        }
        entries.removeAll { tokens.starts(with: $0.tokens) }
        while self.byteCount + byteCount > byteLimit { entries.removeFirst() }
        let cache = try copy()
        precondition(cache.lengths == [tokens.count], "a row has read its tokens")
        let byLength = Dictionary(moments.map { ($0.length, $0) }) { first, _ in first }
        entries.append(
            Entry(
                tokens: tokens,
                cache: cache,
                checkpoints: byLength.values.sorted { $0.length < $1.length },
                byteCount: byteCount
            )
        )
    }
}
