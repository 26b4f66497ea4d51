import Basics

/// Writes the weights of a checkpoint folder, in one file or in shards with their index.
///
/// A shard is open from its first weight to its last, so weights that come in the order of the
/// declaration keep one file open.
public struct ShardedWriter: ~Copyable {
    private let folder: String
    private let metadata: [String: String]
    private let layout: ShardLayout
    private let shardOfWeight: [String: Int]
    private var openShards: [Int: OpenShard] = [:]
    private var finished: Set<Int> = []

    /// Begins the weights that `layout` declares in an existing folder, best an ``OutputFolder``.
    public init(
        in folder: String,
        layout: ShardLayout,
        metadata: [String: String] = SafetensorsWriter.defaultMetadata
    ) {
        var shardOfWeight: [String: Int] = [:]
        for (index, shard) in layout.shards.enumerated() {
            for entry in shard.entries {
                precondition(shardOfWeight[entry.name] == nil, "\(entry.name) is declared twice")
                shardOfWeight[entry.name] = index
            }
        }
        self.folder = folder
        self.layout = layout
        self.metadata = metadata
        self.shardOfWeight = shardOfWeight
    }

    /// Writes the elements of a declared weight, once.
    public mutating func write(_ bytes: UnsafeRawBufferPointer, to name: String) throws {
        guard let index = shardOfWeight[name], !finished.contains(index) else {
            preconditionFailure("\(name) was not declared, or its file is complete")
        }
        let shard = try openShards[index] ?? open(index)
        try shard.write(bytes, to: name)
        if shard.isComplete { try finish(index, shard) }
    }

    /// Completes the last files and writes the index; all declared weights must be written.
    public consuming func finish() throws {
        for index in layout.shards.indices where !finished.contains(index) {
            try finish(index, openShards[index] ?? open(index))
        }
        if let index = layout.index {
            let path = folder + "/" + CheckpointFolder.FileName.index
            try AtomicFile.write(index.text(.indented) + "\n", to: path)
        }
    }

    private mutating func open(_ index: Int) throws -> OpenShard {
        let shard = layout.shards[index]
        let opened = OpenShard(
            try SafetensorsWriter(
                folder + "/" + shard.file,
                entries: shard.entries,
                metadata: metadata
            )
        )
        openShards[index] = opened
        return opened
    }

    private mutating func finish(_ index: Int, _ shard: OpenShard) throws {
        try shard.finish()
        openShards[index] = nil
        finished.insert(index)
    }
}

/// Holds a writer, which cannot be copied, where a dictionary needs a value that can.
private final class OpenShard {
    private var writer: SafetensorsWriter?

    init(_ writer: consuming SafetensorsWriter) { self.writer = consume writer }

    var isComplete: Bool { writer?.isComplete ?? true }

    func write(_ bytes: UnsafeRawBufferPointer, to name: String) throws {
        try writer?.write(bytes, to: name)
    }

    func finish() throws { try writer.take()?.finish() }
}
