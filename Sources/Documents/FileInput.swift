import Basics
import Foundation

/// A regular file read from start to end.
final class FileInput {
    /// The file's name in messages.
    let name: String
    /// The bytes read so far.
    private(set) var offset = 0

    private let file: MappedFile

    enum Line {
        case bytes([UInt8])
        case tooLong
    }

    init(_ url: URL) throws(FileError) {
        name = url.relativePath
        file = try MappedFile(name)
    }

    /// The length of the file when it was opened.
    var length: Int { file.bytes.count }

    /// Reads up to `count` bytes; fewer only at the end of the file.
    func read(_ count: Int) -> [UInt8] {
        let bytes = Array(peek(count))
        offset += bytes.count
        return bytes
    }

    /// The next bytes, without reading them.
    func peek(_ count: Int) -> Slice<UnsafeRawBufferPointer> {
        file.bytes[offset...].prefix(count)
    }

    /// Skips `count` bytes; false if the file has fewer.
    func skip(_ count: Int) -> Bool {
        let isWhole = count <= length - offset
        offset += isWhole ? count : length - offset
        return isWhole
    }

    /// Reads to the next newline, which is dropped; `nil` at the end of the file.
    ///
    /// A line of more than `limit` bytes is skipped and returned as `tooLong`.
    func line(limit: Int) -> Line? {
        guard offset < length else { return nil }
        let rest = file.bytes[offset...]
        let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
        let line = rest[..<end]
        offset = min(end + 1, length)
        return line.count > limit ? .tooLong : .bytes(Array(line))
    }
}
