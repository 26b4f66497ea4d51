import Foundation

/// Paths as they are seen from a folder.
package enum RelativePath {
    /// The path from `folder` to `path`, both of which may be relative to the working folder.
    package static func of(_ path: String, from folder: String) -> String {
        let target = URL(filePath: path).standardizedFileURL.pathComponents
        let start = URL(filePath: folder).standardizedFileURL.pathComponents
        let shared = zip(start, target).prefix { $0 == $1 }.count
        let parts = start[shared...].map { _ in ".." } + target[shared...]
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }
}
