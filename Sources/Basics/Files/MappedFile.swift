import Foundation

/// A regular file mapped into memory, read-only; its pages are loaded on access.
///
/// Loaded pages count as memory of this process; ``read(at:into:)`` reads large parts into a buffer
/// instead. No other process may shorten the file meanwhile; files replaced by renaming
/// (``AtomicFile``) are safe.
package final class MappedFile: @unchecked Sendable {
    // Unchecked: the pages are never written through the mapping, and the address is constant until
    // deinit, so any number of threads may read.

    package let path: String
    /// The content, valid as long as this object.
    package let bytes: UnsafeRawBufferPointer
    /// -1 for a file that is only in memory.
    private let descriptor: Int32

    /// A file that is only in memory; messages call it `path`.
    package init(_ path: String, content: String) {
        var content = content
        bytes = content.withUTF8 { text in
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: text.count, alignment: 1)
            copy.copyMemory(from: UnsafeRawBufferPointer(text))
            return UnsafeRawBufferPointer(copy)
        }
        self.path = path
        descriptor = -1
    }

    /// Opens and maps the file; a pipe or device is refused without blocking.
    package init(_ path: String) throws(FileError) {
        // O_NONBLOCK: opening a pipe without a writer would block.
        descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENOENT || errno == ENOTDIR
                ? .missing(path: path) : .unreadable(path: path, reason: systemReason())
        }
        self.path = path
        do {
            bytes = try Self.map(descriptor, path)
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit {
        guard descriptor >= 0 else {
            bytes.deallocate()
            return
        }
        if let start = bytes.baseAddress {
            munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
        }
        close(descriptor)
    }

    private static func map(_ descriptor: Int32, _ path: String) throws(FileError)
        -> UnsafeRawBufferPointer
    {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .reading(path: path, reason: systemReason())
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .notPlain(path: path, kind: kind(of: status.st_mode))
        }
        let count = Int(status.st_size)
        guard count > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
            start != MAP_FAILED
        else { throw .reading(path: path, reason: systemReason()) }
        return UnsafeRawBufferPointer(start: start, count: count)
    }

    package func json() throws(JSONError) -> JSON {
        try withExtendedLifetime(self) { () throws(JSONError) in try JSON(parsing: bytes) }
    }

    /// The bytes of a small file.
    package static func contents(of path: String) throws(FileError) -> [UInt8] {
        let file = try MappedFile(path)
        return withExtendedLifetime(file) { Array(file.bytes) }
    }

    /// Fills `buffer` with the bytes from `offset` on, which must exist; on any thread.
    package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileError)
    {
        precondition(offset >= 0 && buffer.count <= bytes.count - offset)
        guard descriptor >= 0 else {
            buffer.copyMemory(
                from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + buffer.count])
            )
            return
        }
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
            if count > 0 {
                done += count
            } else if count == 0 {
                throw .reading(path: path, reason: "it was shortened meanwhile")
            } else if errno != EINTR {
                throw .reading(path: path, reason: systemReason())
            }
        }
    }

    /// Reads the file in small parts from start to end, with one buffer.
    func forEachPart(
        _ body: (_ offset: Int, UnsafeRawBufferPointer) throws(FileError) -> Void
    ) throws(FileError) {
        let partSize = 1 << 18
        let buffer = WorkingMemory<UInt8>()
        for offset in stride(from: 0, to: bytes.count, by: partSize) {
            let room = buffer.room(for: min(partSize, bytes.count - offset))
            let part = UnsafeMutableRawBufferPointer(room)
            try read(at: offset, into: part)
            try body(offset, UnsafeRawBufferPointer(part))
        }
    }

    /// Gives back the memory of the first bytes, which are loaded again where they are touched again.
    package func release(first count: Int) {
        guard descriptor >= 0, let start = bytes.baseAddress else { return }
        madvise(UnsafeMutableRawPointer(mutating: start), min(count, bytes.count), MADV_DONTNEED)
    }

    /// Drops the file from the system's cache.
    package func dropCache() {
        guard descriptor >= 0 else { return }
        // Advice that the system may ignore.
        #if canImport(Glibc)
            posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
        #endif
    }

    private static func kind(of mode: mode_t) -> String {
        switch mode & S_IFMT {
        case S_IFDIR: "a folder"
        case S_IFIFO: "a pipe"
        case S_IFSOCK: "a socket"
        default: "a device"
        }
    }
}
