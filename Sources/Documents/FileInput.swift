import Basics
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A regular file read once from front to back through a buffer.
///
/// Pipes and devices are refused, so that opening never blocks and the length is known.
final class FileInput {
    /// The file, as messages name it.
    let name: String
    /// The bytes of the file when it was opened.
    let length: Int
    /// The bytes handed out so far.
    private(set) var offset = 0

    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var bufferStart = 0

    /// Opens the file at `url`.
    init(_ url: URL) throws(FileError) {
        name = url.relativePath
        descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError.system(name, "open it", errno: errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw FileError.system(name, "open it", errno: code)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileError(
                file: name,
                problem: "a file is expected, found a folder, pipe or device",
                exitCode: .noInput
            )
        }
        length = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Reads up to `count` bytes; fewer only at the end of the file.
    func read(_ count: Int) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(count, max(length - offset, 0)))
        while bytes.count < count, try fill() {
            let taken = min(count - bytes.count, buffer.count - bufferStart)
            bytes.append(contentsOf: buffer[bufferStart..<bufferStart + taken])
            advance(taken)
        }
        return bytes
    }

    /// Reads the next bytes without moving on; at most the 64 KiB of one buffer.
    func peek(_ count: Int) throws(FileError) -> ArraySlice<UInt8> {
        guard try fill() else { return [] }
        return buffer[bufferStart...].prefix(count)
    }

    /// Passes over `count` bytes; whether the file had so many.
    func skip(_ count: Int) throws(FileError) -> Bool {
        var left = count
        while left > 0, try fill() {
            let taken = min(left, buffer.count - bufferStart)
            advance(taken)
            left -= taken
        }
        return left == 0
    }

    /// Reads to the next newline, which is dropped; `nil` at the end of the file.
    ///
    /// A line of more than `limit` bytes is passed over and comes back as `tooLong`.
    func line(limit: Int) throws(FileError) -> Line? {
        guard try fill() else { return nil }
        var bytes: [UInt8] = []
        var isTooLong = false
        while try fill() {
            let rest = buffer[bufferStart...]
            let end = rest.firstIndex(of: UInt8(ascii: "\n"))
            let piece = rest[..<(end ?? rest.endIndex)]
            isTooLong = isTooLong || bytes.count + piece.count > limit
            if isTooLong { bytes = [] } else { bytes.append(contentsOf: piece) }
            advance(piece.count + (end == nil ? 0 : 1))
            if end != nil { break }
        }
        return isTooLong ? .tooLong : .bytes(bytes)
    }

    /// A line of a text file.
    enum Line {
        case bytes([UInt8])
        case tooLong
    }

    private func advance(_ count: Int) {
        bufferStart += count
        offset += count
    }

    /// Reads more when the buffer is used up; whether there is a byte to hand out.
    private func fill() throws(FileError) -> Bool {
        guard bufferStart == buffer.count else { return true }
        bufferStart = 0
        var code: Int32 = 0
        buffer = [UInt8](unsafeUninitializedCapacity: 1 << 16) { space, count in
            var read = -1
            repeat {
                read = Self.readOnce(descriptor, space.baseAddress, space.count)
                code = read < 0 ? errno : 0
            } while code == EINTR
            count = max(read, 0)
        }
        guard code == 0 else { throw FileError.system(name, "read it", errno: code) }
        return !buffer.isEmpty
    }

    private static func readOnce(
        _ descriptor: Int32,
        _ address: UnsafeMutablePointer<UInt8>?,
        _ count: Int
    ) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, address, count)
        #else
            Darwin.read(descriptor, address, count)
        #endif
    }
}
