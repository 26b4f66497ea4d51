import Foundation

/// A file that only grows, whose first bytes are committed.
///
/// The caller records the committed length elsewhere after ``synchronize()``; bytes after it, left
/// by a crash, are removed when the file is opened again.
package struct GrowingFile: ~Copyable {
    package let path: String
    /// The number of bytes written.
    package private(set) var count: Int
    private let descriptor: Int32

    /// Opens an existing file and truncates it to its first `count` bytes.
    ///
    /// - Throws: `FileError` if it is not a regular file, cannot be written, or is shorter.
    package init(_ path: String, settled count: Int) throws(FileError) {
        self.path = path
        self.count = count
        descriptor = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENOENT
                ? .missing(path: path) : .writing(path: path, reason: systemReason())
        }
        do {
            try Self.truncate(descriptor, path, count)
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    private static func truncate(_ descriptor: Int32, _ path: String, _ count: Int)
        throws(FileError)
    {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .reading(path: path, reason: systemReason())
        }
        guard Int(status.st_size) >= count else {
            throw .reading(path: path, reason: "it has \(status.st_size) of \(count) bytes")
        }
        guard ftruncate(descriptor, off_t(count)) == 0 else {
            throw .writing(path: path, reason: systemReason())
        }
    }

    /// Appends bytes.
    package mutating func append(_ bytes: [UInt8]) throws(FileError) {
        let (descriptor, end, path) = (descriptor, count, path)
        try bytes.withUnsafeBufferPointer { bytes throws(FileError) in
            try writeAll(UnsafeRawBufferPointer(bytes), to: descriptor, at: end, path)
        }
        count += bytes.count
    }

    /// Flushes everything to disk.
    package borrowing func synchronize() throws(FileError) {
        guard fsync(descriptor) == 0 else { throw .writing(path: path, reason: systemReason()) }
    }
}
