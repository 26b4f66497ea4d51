import Basics
import Checkpoints
import Foundation
import JamTesting
import Testing

/// Weights of compressed-tensors against its own numbers, and what is written.
@Suite struct CompressedWeightsTests {
    /// A folder with a fixture as its weights.
    private static func folder(_ fixture: String) throws -> (ScratchFolder, CheckpointFolder) {
        let scratch = try ScratchFolder()
        try scratch.write("config.json", "{}".utf8)
        try scratch.write("model.safetensors", Fixture.bytes(fixture))
        return (scratch, try CheckpointFolder(scratch.path))
    }

    private static func numbers(_ rows: QuantizedRows) -> [Float] {
        let integers: [Int] =
            switch rows.integers {
            case .int4(let nibbles): nibbles.map { Int($0) - 8 }
            case .int8(let bytes): bytes.map { Int($0) }
            }
        return integers.enumerated().map { Float($1) * rows.scales[$0 / rows.groupSize] }
    }

    /// What the fixture has: its matrices, its norm, and the scales of plain integers.
    private static let names =
        ["bytes", "bytes32", "groups16", "groups32", "plain", "rows"]
        .map { $0 + ".weight" } + ["norm.weight", "plain.weight_scale"]

    /// Prevents integers in another order, or with the scale of another group.
    @Test("Weights of compressed-tensors have its numbers")
    func weightsOfCompressedTensorsHaveItsNumbers() throws {
        let (scratch, folder) = try Self.folder("compressed.safetensors")
        let golden = try SafetensorsFile(Fixture.path("compressed-floats.safetensors"))
        defer { withExtendedLifetime(scratch) {} }
        #expect(folder.names.sorted() == Self.names.sorted())
        #expect(
            ["groups32", "bytes32", "plain", "norm"].map { folder.storedType(of: $0 + ".weight") }
                == ["I4", "I8", "I8", "F32"]
        )
        for name in golden.names {
            let expected = try golden.floats(of: name)
            #expect(folder.entry(name)?.shape == golden.entry(name)?.shape)
            #expect(try folder.floats(of: name) == expected, "\(name)")
            let rows = try #require(try folder.quantizedRows(of: name))
            #expect(Self.numbers(rows) == expected, "\(name)")
            // Their integers are read as they are.
            guard name != "plain.weight" else { continue }
            for (start, count) in [(0, 1), (1, 1), (15, 3), (31, 70), (expected.count - 3, 3)] {
                var part = [Float](repeating: .nan, count: count)
                try part.withUnsafeMutableBytes { try folder.read(name, at: 4 * start, into: $0) }
                #expect(part == Array(expected[start..<start + count]), "\(name) \(start)")
            }
        }
        let scales = try folder.floats(of: "plain.weight_scale")
        var part = [Float](repeating: .nan, count: 3)
        try part.withUnsafeMutableBytes {
            try folder.read("plain.weight_scale", at: 4 * 2, into: $0)
        }
        #expect(part == Array(scales[2..<5]) && Set(scales).count == 7)
    }

    /// Prevents models whose shards were cut between the parts of a matrix.
    @Test("Parts may be in several shards") func partsInSeveralShards() throws {
        let file = try SafetensorsFile(Fixture.path("compressed.safetensors"))
        let golden = try SafetensorsFile(Fixture.path("compressed-floats.safetensors"))
        let scratch = try ScratchFolder()
        try scratch.write("config.json", "{}".utf8)
        let entries = file.names.compactMap { file.entry($0) }
        // A shard a weight.
        try ShardedWriter(in: scratch.path, layout: ShardLayout(entries, maxShardSize: 1)).write {
            part,
            bytes in
            try file.read(part.name, at: part.bytes.lowerBound, into: bytes)
        }
        let folder = try CheckpointFolder(scratch.path)
        #expect(folder.names.sorted() == Self.names.sorted())
        for name in golden.names {
            #expect(try folder.floats(of: name) == golden.floats(of: name))
            #expect(try folder.quantizedRows(of: name) != nil)
        }
    }

    @Test("Zero points are named") func zeroPointsAreNamed() throws {
        let error = #expect(throws: LoadingError.self) {
            try Self.folder("compressed-points.safetensors")
        }
        let text = error?.description ?? ""
        #expect(text.contains("zero points") && text.contains("points.weight_zero_point"))
    }

    /// Prevents a crash, or numbers from beyond a weight, where parts do not fit.
    @Test(
        "Parts that do not fit are named",
        arguments: [
            ([:], ["a_scale"], "a_scale"),
            (["a_packed": (.float32, [2, 4])], [], "other than packed integers"),
            (["a_packed": (.int32, [8])], [], "a_packed"),
            (["a_scale": (.float16, [3, 1])], [], "a_scale"),
            (["a_scale": (.float16, [2, 0])], [], "a_scale"),
            (["a_scale": (.float16, [2, 5])], [], "a_scale"),
            (["a_scale": (.int8, [2, 1])], [], "a_scale"),
            ([:], ["a_shape"], "a_shape"),
            (["a_shape": (.float32, [2])], [], "a_shape"),
            (["a_shape": (.int64, [3])], [], "its shape is"),
            (["a": (.float16, [2, 32])], [], "as well"),
            (["a_packed_packed": (.int32, [2, 4])], [], "a_packed"),
            (["a_g_idx": (.int32, [32])], [], "order of columns"),
            (["a_packed": (.int32, [2, 5])], [], "filled up"),
            (
                [
                    "b": (.int8, [2, 4]), "b_scale": (.bfloat16, [2, 1]),
                    "b_zero_point": (.int8, [2, 1]),
                ],
                [], "zero points"
            ),
            (
                [
                    "b.weight": (.int8, [2, 4]), "b.weight_scale": (.float32, [2, 1]),
                    "b.input_scale": (.float32, [1]),
                ],
                [], "scales of activations"
            ),
        ] as [([String: (ElementType, [Int])], [String], String)]
    )
    func partsThatDoNotFitAreNamed(
        changed: [String: (ElementType, [Int])],
        missing: [String],
        problem: String
    ) throws {
        var parts: [String: (ElementType, [Int])] = [
            "a_packed": (.int32, [2, 4]), "a_scale": (.float16, [2, 1]), "a_shape": (.int64, [2]),
        ]
        parts.merge(changed) { $1 }
        for name in missing { parts[name] = nil }
        let scratch = try ScratchFolder()
        try scratch.write("config.json", "{}".utf8)
        let entries = parts.map { WeightEntry(name: $0, elementType: $1.0, shape: $1.1) }
        var writer = try SafetensorsWriter(scratch.file("model.safetensors"), entries: entries)
        for entry in entries {
            var bytes = [UInt8](repeating: 0, count: entry.byteCount)
            if entry.name == "a_shape", entry.shape == [2], entry.elementType == .int64 {
                (bytes[0], bytes[8]) = (2, 32)
            }
            try bytes.withUnsafeBytes { try writer.write($0, to: entry.name) }
        }
        try writer.finish()
        let error = #expect(throws: LoadingError.self) { try CheckpointFolder(scratch.path) }
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }

    /// Prevents scales that are worse than those of simple rounding, and integers out of range.
    @Test("Quantized groups are close, and closer than with the plain scale")
    func quantizedGroupsAreClose() throws {
        var random = SeededGenerator(seed: 3)
        let shape = [40, 128]
        let floats = (0..<shape[0] * shape[1]).map { index in
            index / 32 == 5
                ? 0
                : (0..<6).map { _ in Float.random(in: -1...1, using: &random) }
                    .reduce(0, +)
        }
        let scratch = try ScratchFolder()
        try scratch.write("config.json", "{}".utf8)
        let entries = Int4Groups.entries(of: "a.weight", shape)
        var writer = try SafetensorsWriter(scratch.file("model.safetensors"), entries: entries)
        for (entry, bytes) in zip(entries, try Int4Groups.quantize(floats, shape)) {
            try bytes.withUnsafeBytes { try writer.write($0, to: entry.name) }
        }
        try writer.finish()
        let found = try CheckpointFolder(scratch.path).floats(of: "a.weight")
        var (mine, plain) = (Float(0), Float(0))
        for start in stride(from: 0, to: floats.count, by: 32) {
            let group = floats[start..<start + 32]
            let scale = (group.map(\.magnitude).max() ?? 0) / 7
            let rounded = group.map { scale == 0 ? 0 : ($0 / scale).rounded() * scale }
            let error = error(group, found[start..<start + 32])
            #expect(error <= 32 * scale * scale / 4, "group \(start / 32)")
            mine += error
            plain += self.error(group, rounded)
        }
        #expect(mine < 0.9 * plain, "\(mine) and \(plain)")
        #expect(found[160..<192].allSatisfy { $0 == 0 })
        #expect(throws: WeightError.notFinite(row: 1)) {
            _ = try Int4Groups.quantize([Float](repeating: 1, count: 63) + [.nan], [2, 32])
        }
    }

    private func error(_ first: some Collection<Float>, _ second: some Collection<Float>) -> Float {
        zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
}
