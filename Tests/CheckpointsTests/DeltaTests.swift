import Basics
import Checkpoints
import Foundation
import JamTesting
import Testing

@Suite struct DeltaTests {
    /// Weights and files of two folders are the same, bit for bit.
    private func expectEqual(_ path: String, _ other: String) throws {
        let (one, two) = (try CheckpointFolder(path), try CheckpointFolder(other))
        #expect(one.names.sorted() == two.names.sorted())
        for name in two.names {
            #expect(one.entry(name) == two.entry(name))
            let bytes = try two.withBytes(of: name) { Array($0) }
            #expect(try one.withBytes(of: name) { Array($0) } == bytes, "\(name)")
        }
        let (files, others) = (try SideFiles(of: path), try SideFiles(of: other))
        #expect(files.files.map(\.name) == others.files.map(\.name))
        for (file, original) in zip(files.files, others.files) {
            #expect(file.file.bytes.elementsEqual(original.file.bytes), "\(file.name)")
        }
        #expect(one.config == two.config)
    }

    @Test("A delta gives back the model, and a whole folder again")
    func roundTrip() throws {
        let maker = try DeltaMaker()
        let delta = try maker.delta()
        try expectEqual(delta, maker.model)
        let whole = maker.scratch.file("whole")
        try FolderImport(delta, as: nil, maxShardSize: 1 << 30).write(to: whole)
        try expectEqual(whole, maker.model)
        let weights = "model.safetensors"
        #expect(
            try maker.scratch.read("whole/\(weights)") == maker.scratch.read("model/\(weights)")
        )
        try #require(try CheckpointFolder(delta).manifest()).verify(delta)
        try #require(try CheckpointFolder(whole).manifest()).verify(whole)
    }

    @Test("A whole folder is not imported")
    func importsWholeFolder() throws {
        let maker = try DeltaMaker()
        let message = "\(maker.model): is a whole folder; a GGUF file or a delta is expected"
        #expect {
            try FolderImport(maker.model, as: nil, maxShardSize: 1 << 30)
        } throws: { "\($0)" == message }
    }

    // Prevents: a shipped delta that has the base's weights or its tokenizer in it after all.
    @Test("Nothing of the base is in the delta")
    func nothingOfTheBase() throws {
        let maker = try DeltaMaker()
        let delta = try maker.delta()
        let stored = try SafetensorsFile(delta + "/delta.safetensors")
        let shapes = Dictionary(
            uniqueKeysWithValues: stored.names.map { ($0, stored.entry($0)?.shape ?? []) }
        )
        #expect(
            shapes == [
                "text.table:rows": [2, 4], "head:rows0": [1, 4], "head:rows1": [3, 2],
                "image.table:rows": [5, 3], "image.matrix": [3, 3], "image.bias": [3],
            ]
        )
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: delta).sorted() == [
                "README.md", "config.json", "delta.json", "delta.safetensors", "image_frame.json",
                "image_tokenizer", "jam_manifest.json",
            ]
        )
        let text = String(decoding: try maker.scratch.read("delta/delta.json"), as: UTF8.self)
        #expect(
            !text.contains("token 49") && !text.contains("messages") && text.contains("token 50")
        )
    }

    // Prevents: a table whose parts, as loading and importing read them, are not those of the whole.
    @Test("Parts of weights that are made of rows are those of the whole")
    func parts() throws {
        let maker = try DeltaMaker()
        let (delta, model) = (
            try CheckpointFolder(try maker.delta()), try CheckpointFolder(maker.model)
        )
        for name in ["head", "image.table", "text.table", "shuffled", "text.layer.matrix"] {
            let whole = try model.withBytes(of: name) { Array($0) }
            for start in stride(from: 0, to: whole.count, by: 28) {
                for count in stride(from: 0, through: min(100, whole.count - start), by: 20) {
                    var part = [UInt8](repeating: 7, count: count)
                    try part.withUnsafeMutableBytes { try delta.read(name, at: start, into: $0) }
                    #expect(
                        part == Array(whole[start..<start + count]),
                        "\(name) \(start) \(count)"
                    )
                }
            }
        }
    }

    @Test(
        "Stored values may be smaller; those of the base stay as they are",
        arguments: [DeltaStorage.float32, .bfloat16, .float16, .int8]
    )
    func storage(storage: DeltaStorage) throws {
        let maker = try DeltaMaker()
        let delta = try CheckpointFolder(try maker.delta("delta", storage))
        let model = try CheckpointFolder(maker.model)
        for name in model.names {
            let (made, original) = (try delta.floats(of: name), try model.floats(of: name))
            let difference = zip(made, original).map { abs($0 - $1) }.max() ?? .infinity
            #expect(made.count == original.count && difference < 0.01, "\(name) \(difference)")
            if storage == .float32 { #expect(made == original) }
        }
        let table = try delta.floats(of: "text.table")
        #expect(Array(table[..<24]) == DeltaMaker.table)
        let original = try model.floats(of: "text.table")
        #expect((storage == .float32) == (table == original))
        let stored = try SafetensorsFile(maker.scratch.file("delta/delta.safetensors"))
        let expected: ElementType =
            switch storage {
            case .bfloat16: .bfloat16
            case .float16: .float16
            case .int8: .int8
            case .same, .float32: .float32
            }
        #expect(stored.entry("image.matrix")?.elementType == expected)
        #expect(stored.entry("text.table:rows")?.elementType == expected)
        #expect(delta.entry("text.table")?.elementType == .float32)
        #expect(delta.entry("text.table:rows_scale") == nil)
        // As floats, a whole folder has no scales.
        let whole = maker.scratch.file("whole")
        try FolderImport(maker.scratch.file("delta"), as: .float32, maxShardSize: 1 << 30)
            .write(to: whole)
        let written = try CheckpointFolder(whole)
        #expect(written.names.sorted() == model.names.sorted())
        for name in written.names {
            #expect(try written.floats(of: name) == delta.floats(of: name), "\(name)")
        }
    }

    @Test("The same model gives the same delta, and a delta of a delta")
    func repeatable() throws {
        let maker = try DeltaMaker()
        _ = try maker.delta()
        _ = try maker.delta("again")
        for name in ["delta.json", "delta.safetensors", "jam_manifest.json"] {
            #expect(try maker.scratch.read("delta/\(name)") == maker.scratch.read("again/\(name)"))
        }
        let (delta, third) = (maker.scratch.file("delta"), maker.scratch.file("third"))
        let bases = try #require(DeltaBases(of: try CheckpointFolder(delta), seenFrom: third))
        try DeltaExport(delta, bases: bases).write(to: third)
        try expectEqual(third, maker.model)
        #expect(
            try maker.scratch.read("third/delta.json") == maker.scratch.read("delta/delta.json")
        )
        #expect(throws: DeltaError.baseIsDelta(path: delta)) { try DeltaBases([delta]) }
    }

    @Test("Edits of JSON give back the text, the order of members included")
    func edits() throws {
        let values: [JSON] = [
            ["a": 1, "b": 2], ["b": 2, "a": 1], ["a": 1], ["a": ["c": [1, 2, 3]], "b": .null],
            ["a": ["c": [1, 2]], "b": 1.0], [], [1], [[1], [2, ["x": "y"]]], [[1], [2]], .null, "x",
            ["value": .null, "members": ["kept": 1]], ["members": [:], "kept": 3],
        ]
        for base in values {
            for result in values {
                guard let edit = JSONEdit(from: base, to: result) else {
                    #expect(base.text() == result.text())
                    continue
                }
                let read = try JSONEdit(JSONReader(edit.json, source: "edit"))
                #expect(try read.applied(to: base).text() == result.text())
            }
        }
    }
}
