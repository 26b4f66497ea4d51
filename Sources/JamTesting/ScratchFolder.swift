#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A new empty folder for one test, removed with its content when the object goes.
package final class ScratchFolder: Sendable {
    /// The path of the folder.
    package let path: String

    /// Makes the folder.
    package init() throws {
        let temporary = FileManager.default.temporaryDirectory.path
        path = "\(temporary)/jam-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: false
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file of the folder.
    package func file(_ name: String) -> String { path + "/" + name }

    /// Makes a folder, and those above it.
    public func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(
            atPath: file(name),
            withIntermediateDirectories: true
        )
    }

    /// Writes a file, over any of that name, and returns its path.
    @discardableResult
    package func write(_ name: String, _ bytes: some Collection<UInt8>) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }

    /// The bytes of a file.
    package func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: file(name))))
    }

    /// The names of all that is in the folder, sorted.
    package func list() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }
}
