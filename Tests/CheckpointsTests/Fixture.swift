import Foundation

/// The golden files that `Fixtures/generate.py` wrote with the reference libraries.
enum Fixture {
    static func path(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/\(name)").path
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path(name))))
    }
}

/// A safetensors file of a header as it is and some bytes of data.
func safetensors(_ header: some Collection<UInt8>, dataCount: Int = 0) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
        + Array(header) + [UInt8](repeating: 0, count: dataCount)
}
