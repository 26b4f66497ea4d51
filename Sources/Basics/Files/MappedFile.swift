#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A plain file mapped into memory, read-only: its bytes are loaded when they are touched.
///
/// Bytes that were touched count as memory of this process; ``read(at:into:)`` brings large parts
/// into a buffer of the caller's instead.
///
/// The file must not be shortened by another process while it is mapped; files that this program
/// replaces are renamed into place (``AtomicFile``), which leaves a mapping of the old one intact.
package final class MappedFile: @unchecked Sendable {
    // Unchecked: the pages are never written through the mapping, and the address is constant until
    // deinit, so any number of threads may read.

    /// The path as it was given.
    package let path: String
    /// The content, valid as long as this object lives.
    package let bytes: UnsafeRawBufferPointer
    private let descriptor: Int32

    /// Opens and maps the file; a pipe or device is refused without waiting for it.
    package init(_ path: String) throws(FileError) {
        // O_NONBLOCK: opening a pipe that nobody writes to would otherwise never return.
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

    /// The content of a JSON file.
    package func json() throws(JSONError) -> JSON {
        try withExtendedLifetime(self) { () throws(JSONError) in try JSON(parsing: bytes) }
    }

    /// The bytes of a file, copied: for small files that are read whole.
    package static func contents(of path: String) throws(FileError) -> [UInt8] {
        let file = try MappedFile(path)
        return withExtendedLifetime(file) { Array(file.bytes) }
    }

    /// Fills `buffer` with the bytes from `offset` on, all of which the file must have.
    ///
    /// Any number of threads may read at once.
    package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileError) {
        precondition(offset >= 0 && buffer.count <= bytes.count - offset)
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

    /// Reads the whole file in small parts, from the first byte on, and gives each to `body` with its
    /// offset; one buffer serves all.
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

    /// Asks the system to read the file from the disk again, as far as it is there.
    package func dropCache() {
        // Advice: where the system does not take it, bytes come from its memory as before.
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
