import Basics
import Documents
import Foundation

/// The committed files that reference programs made.
enum Fixture {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures")

    static func url(_ path: String) -> URL { folder.appending(path: path) }

    static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: url(path))) }

    static func image(_ name: String) throws -> Image {
        try Image(contentsOf: url("images/\(name)"))
    }
}

/// A folder that is gone when its test is over.
final class Scratch {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "documents-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func url(_ name: String) -> URL { folder.appending(path: name) }

    func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> URL {
        try Data(Array(bytes)).write(to: url(name))
        return url(name)
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    /// The message of the error that `body` throws, without the folder; `nil` when it throws none.
    func message(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return "\(error)".replacing(folder.relativePath + "/", with: "")
        }
    }
}

extension Image {
    /// The largest difference of a channel from reference bytes; `nil` when their count differs.
    func distance(to reference: [UInt8]) -> Int? {
        guard pixels.count == reference.count else { return nil }
        return zip(pixels, reference).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
    }

    /// A small image whose pixels all differ.
    static func sample(width: Int = 5, height: Int = 4, seed: UInt8 = 0) -> Image {
        Image(
            width: width,
            height: height,
            pixels: (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 * 7) &+ seed }
        )
    }
}
