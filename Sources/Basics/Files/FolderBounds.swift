import Foundation

/// Checks that no link in a folder leads to a file outside of it.
///
/// Allowed are the folder itself and, if it is `<repository>/snapshots/<revision>` of a Hugging
/// Face cache, `<repository>/blobs`, to which its files link.
package struct FolderBounds: Sendable {
    private let roots: [String]

    /// Resolves the folder; `nil` if there is none.
    package init?(_ folder: String) {
        guard let real = Self.resolved(folder) else { return nil }
        let parts = real.split(separator: "/")
        var roots = [real]
        if parts.count > 2, parts[parts.count - 2] == "snapshots" {
            roots.append("/" + parts.dropLast(2).joined(separator: "/") + "/blobs")
        }
        self.roots = roots
    }

    /// Whether there is something at `path`, which begins with the folder's path.
    ///
    /// - Throws: `FileError` for a link that leads out of the folder, or to nothing.
    package func contains(_ path: String) throws(FileError) -> Bool {
        guard let real = Self.resolved(path) else {
            var status = stat()
            guard lstat(path, &status) != 0 else { throw .deadLink(path: path) }
            return false
        }
        guard roots.contains(where: { real.hasPrefix($0 == "/" ? "/" : $0 + "/") }) else {
            throw .leadsOut(path: path)
        }
        return true
    }

    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
