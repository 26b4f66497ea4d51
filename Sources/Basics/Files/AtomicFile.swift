import Foundation

/// A file that appears at its path complete or not at all.
///
/// It is written as `<path>.tmp-<pid>`; ``commit(toDisk:)`` renames it. Without a commit it is
/// removed, and a file at the path is unchanged.
package struct AtomicFile: ~Copyable, Sendable {
    package let path: String
    private let temporary: String
    private let descriptor: Int32
    private var isCommitted = false

    package init(_ path: String) throws(FileError) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw .cannotCreate(path: path, reason: "it is a folder")
        }
        var opened: Int32 = -1
        let temporary = try makeTemporary(beside: path) {
            opened = open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            return opened >= 0
        }
        self.path = path
        self.temporary = temporary
        descriptor = opened
    }

    deinit {
        close(descriptor)
        if !isCommitted { unlink(temporary) }
    }

    /// Sets the length; bytes that are never written are zeros and take no disk space.
    package func resize(to count: Int) throws(FileError) {
        guard ftruncate(descriptor, off_t(count)) == 0 else {
            throw writingFailure(path, bytes: count)
        }
    }

    /// Writes bytes at an offset, in any order and on any thread.
    package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
        try writeAll(bytes, to: descriptor, at: offset, path)
    }

    package func write(_ text: String) throws(FileError) {
        try Array(text.utf8).withUnsafeBufferPointer { bytes throws(FileError) in
            try write(UnsafeRawBufferPointer(bytes), at: 0)
        }
    }

    package func write(contentsOf file: MappedFile) throws(FileError) {
        try file.forEachPart { offset, part throws(FileError) in try write(part, at: offset) }
    }

    /// Opens what is written so far for reading, which goes on when the file is complete.
    package func reader() throws(FileError) -> MappedFile { try MappedFile(temporary) }

    /// Renames the file to its path, replacing an older one.
    ///
    /// - Parameter toDisk: whether to flush it to disk first, which an ``OutputFolder`` can do for
    ///   all its files.
    /// - Throws: `FileError` if writing or renaming fails.
    package consuming func commit(toDisk: Bool = true) throws(FileError) {
        guard !toDisk || fsync(descriptor) == 0, rename(temporary, path) == 0 else {
            throw .writing(path: path, reason: systemReason())
        }
        isCommitted = true
        if toDisk { try synchronizeFolder(of: path) }
    }

    package static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(FileError) {
        let file = try AtomicFile(path)
        try file.write(bytes, at: 0)
        try file.commit()
    }

    package static func write(_ text: String, to path: String) throws(FileError) {
        try write(Array(text.utf8), to: path)
    }

    package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        try bytes.withUnsafeBufferPointer { bytes throws(FileError) in
            try write(UnsafeRawBufferPointer(bytes), to: path)
        }
    }
}
