import Foundation

/// Paths as they are seen from a folder.
package enum RelativePath {
    /// Whether a name stays inside the folder that it is appended to.
    package static func isInside(_ name: String) -> Bool {
        // By bytes: "/" with a combining accent is another character than "/".
        let bytes = name.utf8
        let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return !bytes.isEmpty && bytes.first != UInt8(ascii: "/")
            && !bytes.contains { $0 == 0 || $0 == UInt8(ascii: "\\") }
            && !parts.contains { $0.elementsEqual("..".utf8) }
    }

    /// The path from `folder` to `path`, both of which may be relative to the working folder.
    ///
    /// Links are resolved: `..` of a folder that a link leads to is the folder above that one.
    package static func of(_ path: String, from folder: String) -> String {
        let target = components(path)
        let start = components(folder)
        let shared = zip(start, target).prefix { $0 == $1 }.count
        let parts = start[shared...].map { _ in ".." } + target[shared...]
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }

    private static func components(_ path: String) -> [String] {
        let url = URL(filePath: path).standardizedFileURL
        guard !FileManager.default.fileExists(atPath: url.path) else {
            return url.resolvingSymlinksInPath().pathComponents
        }
        // Of a folder that is not there yet, those above it count.
        let name = url.lastPathComponent
        return url.path == "/" ? ["/"] : components(url.deletingLastPathComponent().path) + [name]
    }
}
