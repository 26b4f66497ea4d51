import Basics
import Checkpoints
import JamTesting
import Testing

@Suite struct SafetensorsWriterTests {
    /// Prevents our files from differing from the reference's in any byte, whatever the order of
    /// declaration and of writing.
    @Test("Writes the bytes of the reference") func writesTheBytesOfTheReference() throws {
        let golden = try SafetensorsFile(Fixture.path("every-type.safetensors"))
        let scratch = try ScratchFolder()
        let path = scratch.file("ours.safetensors")
        let entries = golden.names.sorted().compactMap { golden.entry($0) }
        var writer = try SafetensorsWriter(path, entries: entries)
        for name in golden.names.reversed() {
            try golden.withBytes(of: name) { try writer.write($0, to: name) }
        }
        try writer.finish()
        #expect(try scratch.read("ours.safetensors") == Fixture.bytes("every-type.safetensors"))
        #expect(try scratch.list() == ["ours.safetensors"])
    }

    /// Prevents a file with a gap from being taken for a whole one.
    @Test("Refuses to finish early") func refusesToFinishEarly() throws {
        let scratch = try ScratchFolder()
        let path = scratch.file("a.safetensors")
        var writer = try SafetensorsWriter(
            path,
            entries: ["a", "b", "c"].map {
                WeightEntry(name: $0, elementType: .uint8, shape: [1])
            }
        )
        try [1].withUnsafeBytes { try writer.write(.init(rebasing: $0[..<1]), to: "b") }
        do {
            try writer.finish()
            Issue.record("the file lacks two weights")
        } catch let error as SafetensorsError {
            #expect(error.kind == .internalFailure)
            #expect(
                error.description
                    == "\(path): 2 declared weights were not written, first \"a\""
            )
        }
        #expect(try scratch.list() == [])
    }

    @Test("Refuses weights that no file holds") func refusesWeightsThatNoFileHolds() throws {
        let scratch = try ScratchFolder()
        let path = scratch.file("a.safetensors")
        let huge = WeightEntry(name: "a", elementType: .float32, shape: [1 << 40, 1 << 40])
        #expect(huge.byteCount == Int.max)
        let error = #expect(throws: SafetensorsError.self) {
            _ = try SafetensorsWriter(path, entries: [huge])
        }
        #expect(error?.problem == .shapeOverflow(name: "a", shape: [1 << 40, 1 << 40]))
        #expect(try scratch.list() == [])
    }
}

@Suite struct ShardLayoutTests {
    private func entries(_ sizes: [Int]) -> [WeightEntry] {
        sizes.enumerated().map {
            WeightEntry(name: "w\($0.offset)", elementType: .uint8, shape: [$0.element])
        }
    }

    @Test("Fills shards in order") func fillsShardsInOrder() {
        let layout = ShardLayout(entries([4, 6, 1, 20, 3, 0]), maxShardSize: 10)
        #expect(
            layout.shards.map { $0.entries.map(\.name) } == [
                ["w0", "w1"], ["w2"], ["w3"], ["w4", "w5"],
            ]
        )
        #expect(layout.shards.first?.file == "model-00001-of-00004.safetensors")
        #expect(layout.byteCount == 34)
        #expect(
            layout.index
                == [
                    "metadata": ["total_size": 34],
                    "weight_map": [
                        "w0": "model-00001-of-00004.safetensors",
                        "w1": "model-00001-of-00004.safetensors",
                        "w2": "model-00002-of-00004.safetensors",
                        "w3": "model-00003-of-00004.safetensors",
                        "w4": "model-00004-of-00004.safetensors",
                        "w5": "model-00004-of-00004.safetensors",
                    ],
                ]
        )
    }

    @Test("Keeps what fits in one file") func keepsWhatFitsInOneFile() {
        let layout = ShardLayout(entries([4, 6]), maxShardSize: 10)
        #expect(layout.shards.map(\.file) == ["model.safetensors"])
        #expect(layout.index == nil)
        #expect(ShardLayout([], maxShardSize: 1).shards.map(\.file) == ["model.safetensors"])
    }

    /// Prevents sizes that a hostile config can ask for from trapping.
    @Test("Counts past the largest number") func countsPastTheLargestNumber() {
        let layout = ShardLayout(entries([Int.max, Int.max]), maxShardSize: Int.max)
        #expect(layout.shards.count == 2)
        #expect(layout.byteCount == Int.max)
    }
}
