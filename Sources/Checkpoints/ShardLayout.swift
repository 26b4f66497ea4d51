package import Basics

/// Which weight goes to which file of a checkpoint.
package struct ShardLayout: Sendable, Equatable {
    /// One file and its weights.
    package struct Shard: Sendable, Equatable {
        package let file: String
        package let entries: [WeightEntry]
    }

    package let shards: [Shard]

    /// Fills shards of up to `maxShardSize` bytes in the order of `entries`; a larger weight gets a
    /// shard of its own.
    package init(_ entries: [WeightEntry], maxShardSize: Int) {
        precondition(maxShardSize > 0, "the largest shard must have some bytes")
        var groups: [[WeightEntry]] = [[]]
        var size = 0
        for entry in entries {
            let (sum, overflows) = size.addingReportingOverflow(entry.byteCount)
            if let last = groups.last, !last.isEmpty, overflows || sum > maxShardSize {
                groups.append([])
                size = 0
            }
            groups[groups.count - 1].append(entry)
            size = size == 0 ? entry.byteCount : sum
        }
        shards = groups.enumerated().map { index, group in
            Shard(file: Self.fileName(index, of: groups.count), entries: group)
        }
    }

    /// The number of bytes of all weights, `Int.max` where it would not fit.
    package var byteCount: Int {
        shards.flatMap(\.entries).reduce(0) { total, entry in
            let (sum, overflows) = total.addingReportingOverflow(entry.byteCount)
            return overflows ? Int.max : sum
        }
    }

    /// The content of `model.safetensors.index.json`; `nil` for a single file.
    package var index: JSON? {
        guard shards.count > 1 else { return nil }
        var files: [String: String] = [:]
        for shard in shards {
            for entry in shard.entries { files[entry.name] = shard.file }
        }
        var map = JSON.Object()
        for (name, file) in files.sorted(by: { $0.key.precedesInBytes($1.key) }) {
            map[name] = .string(file)
        }
        return [
            "metadata": ["total_size": .integer(byteCount)],
            "weight_map": .object(map),
        ]
    }

    private static func fileName(_ index: Int, of count: Int) -> String {
        guard count > 1 else { return CheckpointFolder.FileName.weights }
        func padded(_ number: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        }
        return "model-\(padded(index + 1))-of-\(padded(count)).safetensors"
    }
}
