import Basics

/// Writes the weights of a checkpoint folder, in one file or in shards with their index.
///
/// Blocks are made on all cores and written in about the order of the files; no weight is ever in
/// memory as a whole.
package struct ShardedWriter: Sendable {
    /// Makes a part of a weight, on any thread.
    package typealias Making = @Sendable (WeightPart, UnsafeMutableRawBufferPointer) throws -> Void

    private let folder: String
    private let layout: ShardLayout
    private let shards: [ShardGeometry]
    /// The index of each shard's first block among all blocks, then the number of all blocks.
    private let firstBlocks: [Int]

    /// Prepares to write the weights of `layout` into an existing folder, usually that of an
    /// `OutputFolder`.
    package init(
        in folder: String,
        layout: ShardLayout,
        metadata: [String: String] = SafetensorsWriter.defaultMetadata
    ) throws(SafetensorsError) {
        let names = layout.shards.flatMap(\.entries).map(\.name)
        precondition(Set(names).count == names.count, "a weight is declared twice")
        var shards: [ShardGeometry] = []
        for shard in layout.shards {
            shards.append(try ShardGeometry(shard, metadata, in: folder))
        }
        self.folder = folder
        self.layout = layout
        self.shards = shards
        firstBlocks = shards.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.blockCount) }
    }

    /// Writes all weights, and the index where there are several files.
    ///
    /// - Parameters:
    ///   - make: called for each byte of each weight once.
    ///   - progress: called with the bytes of weights made so far, on the calling thread; an error
    ///     that it throws ends the writing.
    /// - Returns: the SHA-256 digest of each file of weights, by its name, in hexadecimal digits.
    /// - Throws: `FileError` where something cannot be written, and what the closures throw.
    @discardableResult
    package func write(
        _ make: @escaping Making,
        progress: (Int) throws -> Void = { _ in }
    ) throws -> [String: String] {
        let files = BlockWriter(shards, in: folder)
        defer { files.abandon() }
        try forEachBlock(progress) { shard, block in
            try files.write(block, of: shard) { try shards[shard].fill(block, $0, make) }
        }
        if let index = layout.index {
            let file = try AtomicFile(folder + "/" + CheckpointFolder.FileName.index)
            try file.write(index.text(.indented) + "\n")
            try file.commit(toDisk: false)
        }
        return try files.finishedDigests()
    }

    /// Reads the written files from the disk, makes all weights again, and compares.
    ///
    /// - Throws: `FileError` where a byte differs or cannot be read, and what the closures throw.
    package func verify(_ make: @escaping Making, progress: (Int) throws -> Void = { _ in }) throws
    {
        let files = try shards.map { shard throws(FileError) in
            try MappedFile(folder + "/" + shard.file)
        }
        for file in files { file.dropCache() }
        let buffers = Pool { (WorkingMemory<UInt8>(), WorkingMemory<UInt8>()) }
        try forEachBlock(progress) { shard, block in
            try buffers.lend { buffers in
                let expected = UnsafeMutableRawBufferPointer(buffers.0.room(for: block.count))
                try shards[shard].fill(block, expected, make)
                let found = UnsafeMutableRawBufferPointer(buffers.1.room(for: block.count))
                guard block.upperBound <= files[shard].bytes.count else {
                    throw FileError.reading(path: files[shard].path, reason: "it is cut short")
                }
                try files[shard].read(at: block.lowerBound, into: found)
                guard
                    UnsafeRawBufferPointer(found).isEqual(
                        to: UnsafeRawBufferPointer(expected),
                        in: 0..<block.count
                    )
                else {
                    throw FileError.reading(
                        path: files[shard].path,
                        reason:
                            "bytes \(block.lowerBound) to \(block.upperBound) differ from those "
                            + "that were written"
                    )
                }
            }
        }
    }

    /// Calls `body` for each block, on all cores.
    private func forEachBlock(
        _ progress: (Int) throws -> Void,
        _ body: @escaping @Sendable (_ shard: Int, _ block: Range<Int>) throws -> Void
    ) throws {
        var byteCount = 0
        try inParallel(firstBlocks.last ?? 0) { number in
            let (shard, block) = place(number)
            try body(shard, block)
        } done: { number in
            let (shard, block) = place(number)
            byteCount += shards[shard].weightByteCount(in: block)
            try progress(byteCount)
        }
    }

    /// The shard of a block and its range there.
    private func place(_ number: Int) -> (shard: Int, block: Range<Int>) {
        let shard = (firstBlocks.firstIndex { $0 > number } ?? firstBlocks.count) - 1
        return (shard, shards[shard].block(number - firstBlocks[shard]))
    }
}
