import Basics
import Foundation

/// A plain file read once from front to back.
final class FileInput {
    /// The file, as messages name it.
    let name: String
    /// The bytes handed out so far.
    private(set) var offset = 0

    private let file: MappedFile

    /// A line of a text file.
    enum Line {
        case bytes([UInt8])
        case tooLong
    }

    /// Opens the file at `url`.
    init(_ url: URL) throws(FileError) {
        name = url.relativePath
        file = try MappedFile(name)
    }

    /// The bytes of the file when it was opened.
    var length: Int { file.bytes.count }

    /// Reads up to `count` bytes; fewer only at the end of the file.
    func read(_ count: Int) -> [UInt8] {
        let bytes = Array(peek(count))
        offset += bytes.count
        return bytes
    }

    /// The next bytes without moving on.
    func peek(_ count: Int) -> Slice<UnsafeRawBufferPointer> {
        file.bytes[offset...].prefix(count)
    }

    /// Passes over `count` bytes; whether the file had so many.
    func skip(_ count: Int) -> Bool {
        let isWhole = count <= length - offset
        offset += isWhole ? count : length - offset
        return isWhole
    }

    /// Reads to the next newline, which is dropped; `nil` at the end of the file.
    ///
    /// A line of more than `limit` bytes is passed over and comes back as `tooLong`.
    func line(limit: Int) -> Line? {
        guard offset < length else { return nil }
        let rest = file.bytes[offset...]
        let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
        let line = rest[..<end]
        offset = min(end + 1, length)
        return line.count > limit ? .tooLong : .bytes(Array(line))
    }
}
