#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A plain file mapped into memory, read-only: its bytes are loaded when they are touched.
///
/// The file must not be shortened by another process while it is mapped; files that this program
/// replaces are renamed into place (``AtomicFile``), which leaves a mapping of the old one intact.
public final class MappedFile: @unchecked Sendable {
    // Unchecked: the pages are never written through the mapping, and the address is constant until
    // deinit, so any number of threads may read.

    /// The path as it was given.
    public let path: String
    /// The content, valid as long as this object lives.
    public let bytes: UnsafeRawBufferPointer

    /// Opens and maps the file; a pipe or device is refused without waiting for it.
    public init(_ path: String) throws(FileError) {
        // O_NONBLOCK: opening a pipe that nobody writes to would otherwise never return.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENOENT || errno == ENOTDIR
                ? .missing(path: path) : .unreadable(path: path, reason: systemReason())
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .reading(path: path, reason: systemReason())
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .notPlain(path: path, kind: Self.kind(of: status.st_mode))
        }
        self.path = path
        let count = Int(status.st_size)
        guard count > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
            start != MAP_FAILED
        else { throw .reading(path: path, reason: systemReason()) }
        bytes = UnsafeRawBufferPointer(start: start, count: count)
    }

    deinit {
        if let start = bytes.baseAddress {
            munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
        }
    }

    /// The bytes of a file, copied: for small files that are read whole.
    public static func contents(of path: String) throws(FileError) -> [UInt8] {
        let file = try MappedFile(path)
        return withExtendedLifetime(file) { Array(file.bytes) }
    }

    /// Gives the memory of a part of a mapped file, whose bytes were read, back to the system.
    ///
    /// Bytes that are read again come from the file again. Pages that the part shares with its
    /// neighbours stay.
    public static func releasePages(of part: UnsafeRawBufferPointer) {
        guard let start = part.baseAddress else { return }
        let page = UInt(getpagesize())
        let first = (UInt(bitPattern: start) + page - 1) / page * page
        let end = UInt(bitPattern: start + part.count) / page * page
        guard end > first, let address = UnsafeMutableRawPointer(bitPattern: first) else { return }
        // Advice: where the system does not take it, nothing is lost but memory.
        _ = madvise(address, Int(end - first), MADV_DONTNEED)
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
