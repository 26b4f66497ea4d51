import Basics
import Decoders
import Foundation
import Layers
import Testing

/// The spellings of rotary positions against `transformers`.
@Suite struct RotaryKeysTests {
    /// One object of `Fixtures/rope.json`, as `rope.py` wrote it.
    private static func cases() throws -> [JSON] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
        let data = try Data(contentsOf: tests.appending(path: "Fixtures/rope.json"))
        guard case .array(let cases) = try JSON(parsing: Array(data)) else { return [] }
        return cases
    }

    private static func numbers(_ reader: JSONReader, _ key: String) throws -> [Float] {
        try reader.array(key).map { element in
            switch element {
            case .number(let value): Float(value)
            case .integer(let value): Float(value)
            default: .nan
            }
        }
    }

    private func largestRatio(_ found: [Float], _ expected: [Float]) -> Float {
        guard found.count == expected.count else { return .infinity }
        return zip(found, expected).map { abs($0 / $1 - 1) }.max() ?? .infinity
    }

    /// Prevents a base or a scaling that is read from another place than `transformers` does, or lost
    /// when the config is written.
    @Test("Every spelling has the frequencies of transformers, also when written again")
    func everySpellingHasTheFrequenciesOfTransformers() throws {
        let cases = try Self.cases()
        #expect(cases.count > 40)
        for json in cases {
            let reader = try JSONReader(json, source: "rope.json")
            var config = try TowerConfig(reader.nested("config"))
            for _ in 0..<2 {
                let rotary = try #require(config.rotary)
                let full = try Self.numbers(reader, "full")
                #expect(largestRatio(rotary.frequencies, full) < 2e-6, "\(json.text())")
                let factor = Float(try reader.number("attention_factor"))
                #expect(abs(rotary.attentionFactor - factor) < 1e-6, "\(json.text())")
                if reader.has("windowed") {
                    let windowed = try Self.numbers(reader, "windowed")
                    let found = try #require(config.windowedRotary).frequencies
                    #expect(largestRatio(found, windowed) < 2e-6, "\(json.text())")
                }
                config = try TowerConfig(JSONReader(.object(config.json), source: "again"))
            }
        }
    }
}
