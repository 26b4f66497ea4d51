import Basics
import Checkpoints
import Foundation
import JamTesting
import Testing

@Suite struct DeltaMutationTests {
    /// Values that are wrong almost everywhere.
    private static let hostile: [JSON] = [
        .null, true, 0, 1, -1, 3, .integer(.max), .integer(.min), 0.5, 1e300, "", "a", "../x",
        .string(String(repeating: "9", count: 64)), [], [0], [[0, 0, 1]], [[0, 0, .integer(.max)]],
        [[.integer(.max), 0, 1]], [[0, .integer(.max), .integer(.max)]], [:], ["a": 1],
    ]

    /// The places of all values, as indices of members and elements.
    private static func places(_ json: JSON, _ path: [Int] = []) -> [[Int]] {
        switch json {
        case .object(let object):
            return [path]
                + object.members.enumerated().flatMap { places($1.value, path + [$0]) }
        case .array(let elements):
            return [path] + elements.enumerated().flatMap { places($1, path + [$0]) }
        default: return [path]
        }
    }

    /// The value with the one at a place changed; `nil` removes it.
    private static func changing(
        _ json: JSON,
        at path: ArraySlice<Int>,
        _ change: (JSON) -> JSON?
    ) -> JSON? {
        guard let first = path.first else { return change(json) }
        switch json {
        case .object(var object):
            let key = object.keys[first]
            object[key] = changing(object[key] ?? .null, at: path.dropFirst(), change)
            return .object(object)
        case .array(var elements):
            guard let value = changing(elements[first], at: path.dropFirst(), change) else {
                elements.remove(at: first)
                return .array(elements)
            }
            elements[first] = value
            return .array(elements)
        default: return json
        }
    }

    private static func read(_ path: String) throws {
        do {
            let folder = try CheckpointFolder(path)
            for name in folder.names {
                let count = try folder.withBytes(of: name) { $0.count }
                #expect(count == folder.entry(name)?.byteCount)
            }
            _ = try SideFiles(of: path)
        } catch let error as any UserError {
            #expect(!error.description.contains("\n"))
        }
    }

    // Prevents: a crash, or rows from beyond a weight, whatever a description says.
    @Test("A description with any value changed is refused or read within its weights")
    func values() throws {
        let maker = try DeltaMaker()
        let path = try maker.delta()
        let whole = try JSON(parsing: maker.scratch.read("delta/delta.json"))
        for place in Self.places(whole) where !place.isEmpty {
            for value in [nil] + Self.hostile.map(Optional.some) {
                guard let json = Self.changing(whole, at: place[...], { _ in value }) else {
                    continue
                }
                try maker.scratch.write("delta/delta.json", json.text().utf8)
                try Self.read(path)
            }
        }
    }

    @Test("A description with any bit flipped, or cut anywhere, is refused or read")
    func bits() throws {
        let maker = try DeltaMaker()
        let path = try maker.delta()
        let whole = try maker.scratch.read("delta/delta.json")
        var random = SeededGenerator(seed: 5)
        for index in whole.indices {
            var bytes = whole
            bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            try maker.scratch.write("delta/delta.json", bytes)
            try Self.read(path)
            if index % 16 == 0 {
                try maker.scratch.write("delta/delta.json", whole[..<index])
                #expect(throws: (any Error).self) { try CheckpointFolder(path) }
            }
        }
    }
}
