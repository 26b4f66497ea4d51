import Checkpoints
import Decoders
import Foundation
import JamTesting
import Layers
import Tensors
import Testing

/// Cross models whose towers do not read the same, beside a reference that takes one document at a
/// time (`Fixtures/cross.py`).
@Suite struct CrossGoldenTests {
    private static let models = [
        "keeping-text", "keeping-text-untied", "reading-own", "attending-foreign", "seeing",
        "writing-drawn",
    ]
    private static let documents = [
        "mixed", "image_first", "text", "image", "described", "drawn_again", "drawn_then_shown",
        "adjacent",
    ]

    /// Of logits up to 10 in float32: processors without AVX-512 are 1.05e-5 away from the reference.
    private static let tolerance = 2e-5

    private struct Golden {
        let model: any LanguageModel
        let tokens: [[Int]]
        let logits: [Tensor]  // [1, T, V]

        init(_ name: String) throws {
            let folder = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "Fixtures/cross/\(name)").path
            model = try ModelFolder(folder).model
            let file = try SafetensorsFile(folder + "/golden.safetensors")
            func tensor(_ name: String) throws -> Tensor {
                let entry = try #require(file.entry(name))
                return try file.withBytes(of: name) {
                    Tensor(bytes: $0, entry.shape, entry.elementType)
                }
            }
            tokens = try documents.map { try tensor($0 + ".tokens").integers() }
            logits = try documents.map { try tensor($0 + ".logits") }
        }
    }

    @Test("Logits are those of the reference", arguments: models)
    func logitsAreThoseOfTheReference(name: String) throws {
        try withTorchErrors { () throws in
            try withoutGradients { () throws in
                let golden = try Golden(name)
                for (tokens, expected) in zip(golden.tokens, golden.logits) {
                    let found = golden.model.logits(TokenRows([tokens]))
                    let difference = try distance(found, expected)
                    #expect(difference < Self.tolerance, "\(difference)")
                }
            }
        }
    }

    /// Prevents rows of unlike length and content from reading one another or their padding.
    @Test("Rows of one batch are those of the reference", arguments: models)
    func rowsOfOneBatchAreThoseOfTheReference(name: String) throws {
        try withTorchErrors { () throws in
            try withoutGradients { () throws in
                let golden = try Golden(name)
                let found = golden.model.logits(TokenRows(golden.tokens))
                for (row, expected) in golden.logits.enumerated() {
                    let part = found.narrowed(0, row..<row + 1).narrowed(1, 0..<expected.size(1))
                    #expect(try distance(part, expected) < Self.tolerance)
                }
            }
        }
    }

    /// Prevents a cache that forgets what a tower passed over, in rows that differ in whose token
    /// comes next.
    @Test("Cached rows are those of the reference", arguments: models)
    func cachedRowsAreThoseOfTheReference(name: String) throws {
        try withTorchErrors { () throws in
            try withoutGradients { () throws in
                let golden = try Golden(name)
                let (cache, start) = (KeyValueCache(), 2)
                _ = golden.model.logits(
                    TokenRows(golden.tokens.map { Array($0[..<start]) }),
                    cache: cache
                )
                var rows = Array(golden.tokens.indices)
                for place in start..<(golden.tokens.map(\.count).max() ?? 0) {
                    let left = rows.indices.filter { golden.tokens[rows[$0]].count > place }
                    if left.count < rows.count {
                        cache.keep(rows: left)
                        rows = left.map { rows[$0] }
                    }
                    let next = TokenRows(rows.map { golden.tokens[$0][place] }, rows: rows.count)
                    let found = golden.model.logits(next, cache: cache)
                    for (index, row) in rows.enumerated() {
                        let difference = try distance(
                            found.narrowed(0, index..<index + 1),
                            golden.logits[row].narrowed(1, place..<place + 1)
                        )
                        #expect(difference < Self.tolerance, "\(difference)")
                    }
                }
            }
        }
    }
}
