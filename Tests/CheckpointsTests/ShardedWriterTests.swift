import Basics
import Checkpoints
import JamTesting
import Synchronization
import Testing

/// Weights that are written in blocks, against the writer that takes them whole.
@Suite struct ShardedWriterTests {
    /// One larger than several blocks, one that ends within the next, small ones, an empty one.
    private static let entries: [WeightEntry] = [
        WeightEntry(name: "large", elementType: .float32, shape: [300, 1000]),
        WeightEntry(name: "odd", elementType: .float32, shape: [70_001]),
        WeightEntry(name: "small", elementType: .float32, shape: [3]),
        WeightEntry(name: "none", elementType: .float32, shape: [0, 8]),
        WeightEntry(name: "halves", elementType: .bfloat16, shape: [5]),
    ]

    /// A byte that differs from its neighbours and between weights.
    private static func byte(_ name: String, _ index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: index &* 37 &+ index >> 8 &+ name.utf8.count &* 91)
    }

    private static let make: ShardedWriter.Making = { part, bytes in
        for (place, index) in part.bytes.enumerated() { bytes[place] = byte(part.name, index) }
    }

    private static func layout(_ maxShardSize: Int) -> ShardLayout {
        ShardLayout(entries, maxShardSize: maxShardSize)
    }

    /// Prevents blocks at a wrong place, and parts that miss or repeat bytes at an edge.
    @Test(
        "Writes the bytes of the writer that takes weights whole",
        arguments: [1, 1_200_000, 10_000_000]
    )
    func writesTheBytesOfTheWriterThatTakesWeightsWhole(_ maxShardSize: Int) throws {
        let (blocks, whole) = (try ScratchFolder(), try ScratchFolder())
        let layout = Self.layout(maxShardSize)
        let total = Mutex(0)
        var progress: [Int] = []
        let digests = try ShardedWriter(in: blocks.path, layout: layout).write { part, bytes in
            #expect(part.bytes.count == bytes.count)
            total.withLock { $0 += bytes.count }
            try Self.make(part, bytes)
        } progress: {
            progress.append($0)
        }
        #expect(total.withLock { $0 } == layout.byteCount)
        #expect(progress.last == layout.byteCount)
        #expect(progress == progress.sorted())
        for shard in layout.shards {
            var writer = try SafetensorsWriter(whole.file(shard.file), entries: shard.entries)
            for entry in shard.entries {
                let bytes = (0..<entry.byteCount).map { Self.byte(entry.name, $0) }
                try bytes.withUnsafeBytes { try writer.write($0, to: entry.name) }
            }
            try writer.finish()
            #expect(try blocks.read(shard.file) == whole.read(shard.file))
            let file = try MappedFile(blocks.file(shard.file))
            #expect(try digests[shard.file] == SHA256.hex(of: file))
        }
        #expect(digests.count == layout.shards.count)
        let index = layout.shards.count > 1 ? ["model.safetensors.index.json"] : []
        #expect(try blocks.list() == (layout.shards.map(\.file) + index).sorted())
    }

    private struct Stop: Error {}

    /// Prevents a file that lacks a block from getting its name.
    @Test("A weight that cannot be made leaves no file", arguments: ["large", "small"])
    func aWeightThatCannotBeMadeLeavesNoFile(_ name: String) throws {
        let scratch = try ScratchFolder()
        let writer = try ShardedWriter(in: scratch.path, layout: Self.layout(10_000_000))
        #expect(throws: Stop.self) {
            try writer.write { part, bytes in
                if part.name == name { throw Stop() }
                try Self.make(part, bytes)
            }
        }
        #expect(try scratch.list() == [])
        #expect(throws: Stop.self) { try writer.write(Self.make) { _ in throw Stop() } }
        // The other threads may have been done before they were stopped; then the file is whole.
        let left = try scratch.list()
        #expect(left.isEmpty || left == ["model.safetensors"])
        if !left.isEmpty { try writer.verify(Self.make) }
    }

    /// Prevents damage on the way to the disk from being handed on.
    @Test("Verifying notices any byte", arguments: [0, 9, 1_000_000, 1_200_000, -1])
    func verifyingNoticesAnyByte(_ place: Int) throws {
        let scratch = try ScratchFolder()
        let writer = try ShardedWriter(in: scratch.path, layout: Self.layout(10_000_000))
        try writer.write(Self.make)
        try writer.verify(Self.make)
        var bytes = try scratch.read("model.safetensors")
        bytes[place < 0 ? bytes.count + place : place] ^= 4
        let path = try scratch.write("model.safetensors", bytes)
        let error = #expect(throws: FileError.self) { try writer.verify(Self.make) }
        #expect(error?.kind == .inputOutput)
        #expect(error?.description.hasPrefix("\(path): cannot be read: bytes ") == true)
        try scratch.write("model.safetensors", bytes.dropLast(400_000))
        #expect(throws: FileError.self) { try writer.verify(Self.make) }
    }

    /// Prevents an error of one thread from being lost.
    @Test("Ends where the folder is gone") func endsWhereTheFolderIsGone() throws {
        let scratch = try ScratchFolder()
        let writer = try ShardedWriter(in: scratch.file("none"), layout: Self.layout(1))
        let error = #expect(throws: FileError.self) { try writer.write(Self.make) }
        #expect(error?.kind == .cannotCreate)
    }
}
