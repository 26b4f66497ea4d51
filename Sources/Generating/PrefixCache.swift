internal import Layers
internal import Vocabulary

/// Keys and values of sequences that were read before, for prompts that begin as these did: the next
/// turn of a conversation, or the same question again.
///
/// What is reused has the bits that reading it again would give, where all matrices are packed.
package final class PrefixCache {
    private struct Entry {
        let tokens: [TokenID]
        let cache: KeyValueCache
        /// The moments that it can go back to, the earliest first, where it cannot go back anywhere.
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

    /// A cache of one row that has read the longest known beginning of `tokens`; `nil` if there is none.
    func longest(of tokens: [TokenID]) -> KeyValueCache? {
        var best: (entry: Int, length: Int, checkpoint: KeyValueCache.Checkpoint?)?
        for (number, entry) in entries.enumerated() {
            let shared = zip(entry.tokens, tokens).prefix { $0 == $1 }.count
            let checkpoint = entry.checkpoints.last { $0.length <= shared }
            let length = entry.cache.goesBackAnywhere ? shared : checkpoint?.length ?? 0
            // Of several that share as much, the latest.
            if length >= best?.length ?? 1 { best = (number, length, checkpoint) }
        }
        guard let best else { return nil }
        // Used, so that it is the last to go.
        let entry = entries.remove(at: best.entry)
        entries.append(entry)
        let cache = entry.cache.copy(ofRow: 0)
        if !cache.goesBackAnywhere, let checkpoint = best.checkpoint {
            cache.goBack(to: checkpoint)
        } else {
            cache.goBack(toPosition: best.length)
        }
        return cache
    }

    /// Remembers a sequence; what is a beginning of it is forgotten, and what was not used for longest
    /// as far as memory ends.
    func remember(
        _ tokens: [TokenID],
        _ cache: KeyValueCache,
        _ checkpoints: [KeyValueCache.Checkpoint]
    ) {
        let byteCount = cache.byteCount
        guard byteCount > 0, byteCount <= byteLimit else { return }
        entries.removeAll { tokens.starts(with: $0.tokens) }
        entries.append(
            Entry(tokens: tokens, cache: cache, checkpoints: checkpoints, byteCount: byteCount)
        )
        while self.byteCount > byteLimit { entries.removeFirst() }
    }
}
