#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where the files of one folder may really be, so that no link in it brings in a file of the system.
///
/// They are in the folder itself or, where it is `<repository>/snapshots/<revision>` of a Hugging
/// Face cache, in its store: the files of such a folder are links into `<repository>/blobs`.
package struct FolderBounds: Sendable {
    private let roots: [String]

    /// Finds where a folder really is; `nil` if there is none.
    package init?(_ folder: String) {
        guard let real = Self.resolved(folder) else { return nil }
        let parts = real.split(separator: "/")
        var roots = [real]
        if parts.count > 2, parts[parts.count - 2] == "snapshots" {
            roots.append("/" + parts.dropLast(2).joined(separator: "/") + "/blobs")
        }
        self.roots = roots
    }

    /// Whether there is something at `path`, which begins with that of the folder.
    ///
    /// - Throws: `FileError` if it is a link to somewhere else, or to nothing.
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
