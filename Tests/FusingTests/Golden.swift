import Basics
import Checkpoints
import Foundation
import Testing

/// The golden files that `Fixtures/generate.py` wrote with numpy and `transformers`.
enum Golden {
    static let tokens = [257, 10, 72, 101, 258, 279, 294, 283, 101, 257]

    static func path(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/\(name)").path
    }

    /// The digests of all weights of a fused model.
    static func digests(_ name: String) throws -> [String: String] {
        let json = try JSON(parsing: Data(contentsOf: URL(filePath: path("golden.json"))))
        let object = try JSONReader(json, source: "golden.json").nested(name).object
        var digests: [String: String] = [:]
        for (key, value) in object.members {
            if case .string(let digest) = value { digests[key] = digest }
        }
        return digests
    }

    /// The logits of a fused model for ``tokens``, row after row.
    static func logits(_ name: String) throws -> [Float] {
        try SafetensorsFile(path("logits.safetensors")).floats(of: name)
    }
}

/// The largest difference of two lists of numbers, infinite where they cannot be compared.
func largestDifference(_ left: some Collection<Float>, _ right: some Collection<Float>) -> Float {
    guard left.count == right.count, left.allSatisfy(\.isFinite) else { return .infinity }
    return zip(left, right).map { ($0 - $1).magnitude }.max() ?? .infinity
}
