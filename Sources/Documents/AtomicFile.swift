import Basics
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that appears under its name only when it is complete.
///
/// Bytes go to a hidden file beside it; ``commit()`` brings them to the disk and renames. A file
/// that is not committed is removed again.
final class AtomicFile {
    private let url: URL
    private let temporary: URL
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isCommitted = false

    /// Begins the file at `url`.
    init(_ url: URL) throws(FileError) {
        self.url = url
        let suffix = String(UInt32.random(in: .min ... .max), radix: 36)
        temporary = url.deletingLastPathComponent()
            .appending(path: ".\(url.lastPathComponent).\(suffix).tmp")
        descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw FileError(
                file: url.relativePath,
                problem: "cannot create it: \(String(cString: strerror(errno)))",
                exitCode: .cannotCreate
            )
        }
    }

    deinit {
        close(descriptor)
        if !isCommitted { unlink(temporary.path) }
    }

    /// Appends bytes.
    func write(_ bytes: some Collection<UInt8>) throws(FileError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= 1 << 20 { try flush() }
    }

    /// Makes the file durable and gives it its name, in place of a former one.
    func commit() throws(FileError) {
        try flush()
        guard fsync(descriptor) == 0, rename(temporary.path, url.path) == 0 else {
            throw failure(errno)
        }
        isCommitted = true
        // The name is durable when its folder is.
        let folder = open(url.deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { throw failure(errno) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure(errno) }
    }

    private func flush() throws(FileError) {
        var start = 0
        while start < buffer.count {
            let written = buffer[start...].withUnsafeBytes { space in
                Self.writeOnce(descriptor, space.baseAddress, space.count)
            }
            if written < 0 {
                guard errno == EINTR else { throw failure(errno) }
            } else {
                start += written
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private func failure(_ code: Int32) -> FileError {
        FileError(
            file: url.relativePath,
            problem: "cannot write it: \(String(cString: strerror(code)))",
            exitCode: code == ENOSPC || code == EDQUOT ? .cannotCreate : .inputOutput
        )
    }

    private static func writeOnce(
        _ descriptor: Int32,
        _ address: UnsafeRawPointer?,
        _ count: Int
    ) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, address, count)
        #else
            Darwin.write(descriptor, address, count)
        #endif
    }
}
