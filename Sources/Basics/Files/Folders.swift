import Foundation

/// Creates a folder and its parents, unless they exist.
package func makeFolder(_ path: String) throws(FileError) {
    do {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
        throw .cannotCreate(path: path, reason: "the folder cannot be made")
    }
}
