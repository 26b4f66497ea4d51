#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file of which the first bytes are settled and that grows at its end.
///
/// Whoever uses it notes elsewhere, after ``synchronize()``, how many bytes count: what a crash left
/// behind those is cut off when the file is opened again.
package struct GrowingFile: ~Copyable {
    /// The path of the file.
    package let path: String
    /// The bytes that are settled or written.
    package private(set) var count: Int
    private let descriptor: Int32

    /// Opens an existing file and cuts off what stands behind the first `count` bytes.
    ///
    /// - Throws: `FileError` if it is not a plain file, cannot be written, or has fewer bytes.
    package init(_ path: String, settled count: Int) throws(FileError) {
        self.path = path
        self.count = count
        descriptor = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENOENT
                ? .missing(path: path) : .writing(path: path, reason: systemReason())
        }
        do {
            try Self.cut(descriptor, path, count)
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    private static func cut(_ descriptor: Int32, _ path: String, _ count: Int) throws(FileError) {
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

    /// Writes bytes behind all others.
    package mutating func append(_ bytes: [UInt8]) throws(FileError) {
        let (descriptor, end, path) = (descriptor, count, path)
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(FileError) in try writeAll(buffer, to: descriptor, at: end, path) }
        }
        try result.get()
        count += bytes.count
    }

    /// Waits until all that was written is on the disk.
    package borrowing func synchronize() throws(FileError) {
        guard fsync(descriptor) == 0 else { throw .writing(path: path, reason: systemReason()) }
    }
}
