import Basics
import Checkpoints
import JamTesting

/// A base, a model that shares weights, rows and files with it, and deltas of that.
struct DeltaMaker {
    let scratch: ScratchFolder

    var base: String { scratch.file("base") }
    var model: String { scratch.file("model") }

    init() throws {
        scratch = try ScratchFolder()
        try writeBase()
        try writeModel()
    }

    /// Numbers that differ from weight to weight.
    static func numbers(_ count: Int, _ seed: UInt64) -> [Float] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
    }

    static let table = numbers(6 * 4, 1)
    static let matrix = numbers(4 * 4, 2)

    private func writeBase() throws {
        try Self.write(
            base,
            [
                ("table", .float32, [6, 4], Self.table),
                ("layer.matrix", .bfloat16, [4, 4], Self.matrix),
                ("norm", .float32, [4], [1, 1, 1, 1]),
            ]
        )
        let tokenizer: JSON = [
            "version": "1.0",
            "added_tokens": [["id": 0, "content": "<eos>"]],
            "model": [
                "type": "BPE", "vocab": Self.vocabulary(50), "merges": ["a b", "b c", "c d"],
                "unk": .null,
            ],
            "old": [1, 2],
        ]
        try scratch.write("base/tokenizer.json", (tokenizer.text(.indented) + "\n").utf8)
        try scratch.write("base/chat_template.jinja", "{{ messages }}".utf8)
    }

    private func writeModel() throws {
        let matrix = FloatFormat.bfloat16.floats(from: Self.matrix)
        let added = Self.numbers(2 * 4, 3)
        // Rows of the base with zeros beside them, and zeros with rows of our own.
        var head: [Float] = []
        for row in 0..<8 {
            head += row < 6 ? Self.table[row * 4..<row * 4 + 4] : [0, 0, 0, 0]
            head += row < 6 ? [0, 0] : Self.numbers(2, UInt64(row))
        }
        // Few rows that differ from one another.
        var sparse: [Float] = []
        for row in 0..<200 {
            sparse += row % 50 == 7 ? Self.numbers(3, UInt64(100 + row)) : [0.5, -0.0, 0.25]
        }
        // The base's rows in another order.
        let shuffled = [4, 5, 0, 0, 1].flatMap { Self.table[$0 * 4..<$0 * 4 + 4] }
        try Self.write(
            model,
            [
                ("text.table", .float32, [8, 4], Self.table + added),
                ("text.layer.matrix", .float32, [4, 4], matrix),
                ("text.norm", .float32, [4], [1, 1, 1, 1]),
                ("head", .float32, [8, 6], head),
                ("image.table", .float32, [200, 3], sparse),
                ("image.matrix", .float32, [3, 3], Self.numbers(9, 5)),
                ("image.bias", .float32, [3], Self.numbers(3, 6)),
                ("shuffled", .float32, [5, 4], shuffled),
            ]
        )
        let tokenizer: JSON = [
            "version": "1.0",
            "added_tokens": [["id": 0, "content": "<eos>"], ["id": 6, "content": "<break>"]],
            "model": [
                "type": "BPE", "vocab": Self.vocabulary(51), "merges": ["a b", "b c", "c d"],
                "unk": "a",
            ],
            "decoder": .null,
        ]
        try scratch.write("model/tokenizer.json", (tokenizer.text(.indented) + "\n").utf8)
        try scratch.write("model/chat_template.jinja", "{{ messages }}".utf8)
        try scratch.write("model/image_frame.json", "{}".utf8)
        try scratch.write("model/README.md", "A model.".utf8)
        try scratch.makeFolder("model/image_tokenizer")
        try scratch.write("model/image_tokenizer/config.json", "{}".utf8)
    }

    private static func vocabulary(_ count: Int) -> JSON {
        var object = JSON.Object()
        for id in 0..<count { object["token \(id)"] = .integer(id) }
        return .object(object)
    }

    typealias Weight = (name: String, type: FloatFormat, shape: [Int], numbers: [Float])

    /// Writes a folder with a config and weights.
    static func write(_ folder: String, _ weights: [Weight]) throws {
        try makeFolder(folder)
        try AtomicFile.write("{\"model_type\": \"any\"}", to: folder + "/config.json")
        var writer = try SafetensorsWriter(
            folder + "/model.safetensors",
            entries: weights.map {
                WeightEntry(name: $0.name, elementType: $0.type.elementType, shape: $0.shape)
            }
        )
        for weight in weights {
            try weight.type.bytes(from: weight.numbers).withUnsafeBytes {
                try writer.write($0, to: weight.name)
            }
        }
        try writer.finish()
    }

    /// Writes the delta of the model, which finds the base beside itself; returns its path.
    func delta(_ name: String = "delta", _ storage: DeltaStorage = .same) throws -> String {
        let path = scratch.file(name)
        let bases = try DeltaBases([base], sources: ["pypi: nowhere"], seenFrom: path)
        try DeltaExport(model, bases: bases, storage: storage).write(to: path)
        return path
    }
}

extension FloatFormat {
    /// Numbers as they are after rounding to this type.
    fileprivate func floats(from numbers: [Float]) -> [Float] {
        bytes(from: numbers).withUnsafeBytes { floats(from: $0) }
    }
}
