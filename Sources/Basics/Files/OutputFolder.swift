import Foundation

/// A folder that appears at its path complete or not at all.
///
/// Files are written into ``path``, `<target>.tmp-<pid>`; ``commit(toDisk:)`` flushes them to disk
/// and renames the folder. Without a commit the folder is removed, and a folder at the target is
/// unchanged.
package struct OutputFolder: ~Copyable, Sendable {
    /// The final path.
    package let target: String
    package let path: String
    private let replacing: Bool
    private var isCommitted = false

    /// Starts the folder `target`, whose parent must exist.
    ///
    /// An existing folder is refused, unless it is empty or `replacing` is set: then
    /// ``commit(toDisk:)`` removes its content.
    package init(at target: String, replacing: Bool = false) throws(FileError) {
        var target = target
        while target.count > 1, target.hasSuffix("/") { target.removeLast() }
        guard !target.isEmpty else {
            throw .cannotCreate(path: "\"\"", reason: "the path is empty")
        }
        try Self.checkIsFree(target, replacing: replacing)
        let path = try makeTemporary(beside: target) { mkdir($0, 0o777) == 0 }
        self.path = path
        self.target = target
        self.replacing = replacing
    }

    deinit {
        if !isCommitted { removeTree(path) }
    }

    package func file(_ name: String) -> String { path + "/" + name }

    /// Writes a text file of this folder.
    package func write(_ text: String, to name: String) throws(FileError) {
        let file = try AtomicFile(self.file(name))
        try file.write(text)
        try file.commit(toDisk: false)
    }

    /// Checks that the disk has space for `byteCount` bytes plus 10 %.
    package func need(_ byteCount: Int) throws(FileError) {
        precondition(byteCount >= 0)
        let (sum, overflows) = byteCount.addingReportingOverflow(byteCount / 10)
        let needed = overflows ? Int.max : sum
        guard let free = freeSpace(at: path) else {
            throw .writing(path: path, reason: systemReason())
        }
        guard needed <= free else { throw .noSpace(path: target, needed: needed, free: free) }
    }

    /// Flushes all files written so far to disk.
    package func synchronize() throws(FileError) { try synchronizeTree(path) }

    /// Renames the folder to its final path.
    ///
    /// - Parameter toDisk: whether to flush all files to disk first. If not, a power failure in the
    ///   next half minute can truncate files.
    /// - Throws: `FileError` if writing or renaming fails.
    package consuming func commit(toDisk: Bool = true) throws(FileError) {
        if toDisk { try synchronizeTree(path) }
        // Also replaces an empty folder.
        if rename(path, target) == 0 {
            isCommitted = true
        } else if replacing, errno == ENOTEMPTY || errno == EEXIST {
            try replace()
            isCommitted = true
        } else {
            throw errno == ENOTEMPTY || errno == EEXIST
                ? .exists(path: target) : .cannotCreate(path: target, reason: systemReason())
        }
        if toDisk { try synchronizeFolder(of: target) }
    }

    /// Replaces the old folder and removes it.
    ///
    /// A process killed between the two renames leaves the old folder as `….replaced`: the system's
    /// atomic swap is neither in every file system nor in Swift's C library modules.
    private func replace() throws(FileError) {
        let aside = path + ".replaced"
        guard rename(target, aside) == 0 else {
            throw .cannotCreate(path: target, reason: systemReason())
        }
        guard rename(path, target) == 0 else {
            let reason = systemReason()
            rename(aside, target)
            throw .cannotCreate(path: target, reason: reason)
        }
        removeTree(aside)
    }

    private static func checkIsFree(_ target: String, replacing: Bool) throws(FileError) {
        var status = stat()
        guard lstat(target, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .cannotCreate(path: target, reason: "it is there already and is not a folder")
        }
        let content: [String]
        do {
            content = try FileManager.default.contentsOfDirectory(atPath: target)
        } catch {
            throw .cannotCreate(path: target, reason: "it is there already and cannot be listed")
        }
        guard content.isEmpty || replacing else { throw .exists(path: target) }
    }
}
