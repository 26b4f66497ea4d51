import Basics
import Foundation

/// The bytes of a shard, read from start to end; a compressed one is decompressed on the way.
final class ShardInput {
    /// The file's name in messages.
    let name: String
    /// The bytes read so far.
    private(set) var offset = 0

    private let file: MappedFile
    /// The content of a compressed file, and what of it is decompressed and not read yet.
    private let decompressed: DecompressedFile?
    private var ahead: [UInt8] = []
    private var aheadStart = 0

    enum Line {
        case bytes([UInt8])
        case tooLong
    }

    init(_ url: URL) throws(FileError) {
        name = url.relativePath
        file = try MappedFile(name)
        decompressed = Compression(sniffing: Array(file.bytes.prefix(8)))
            .map { [file] in DecompressedFile(file, $0) }
    }

    /// How many bytes are left; `nil` where only reading tells.
    var left: Int? { decompressed == nil ? file.bytes.count - offset : nil }

    /// Reads up to `count` bytes; fewer only at the end of the file.
    ///
    /// - Throws: ``ShardError`` of scope `shard`, as all reading, if it cannot be decompressed.
    func read(_ count: Int) throws(ShardError) -> [UInt8] {
        let bytes = try peek(count)
        advance(bytes.count)
        return bytes
    }

    /// The next bytes, without reading them.
    func peek(_ count: Int) throws(ShardError) -> [UInt8] {
        try fill(count)
        return atHand(count)
    }

    /// Skips `count` bytes; false if the file has fewer.
    func skip(_ count: Int) throws(ShardError) -> Bool {
        var missing = count
        while missing > 0 {
            try fill(1)
            let step = min(missing, countAtHand)
            if step == 0 { return false }
            advance(step)
            missing -= step
        }
        return true
    }

    /// Reads to the next newline, which is dropped; `nil` at the end of the file.
    ///
    /// A line of more than `limit` bytes is skipped and returned as `tooLong`.
    func line(limit: Int) throws(ShardError) -> Line? {
        var searched = 0
        var isTooLong = false
        while true {
            if let length = newline(after: searched) {
                defer { advance(length + 1) }
                return isTooLong || length > limit ? .tooLong : .bytes(atHand(length))
            }
            searched = countAtHand
            if searched > limit {
                isTooLong = true
                advance(searched)
                searched = 0
            }
            try fill(searched + 1)
            guard countAtHand == searched else { continue }
            defer { advance(searched) }
            if isTooLong { return .tooLong }
            return searched == 0 ? nil : .bytes(atHand(searched))
        }
    }

    // MARK: - Bytes at hand

    private var countAtHand: Int { left ?? ahead.count - aheadStart }

    /// The next `count` bytes at hand, or all.
    private func atHand(_ count: Int) -> [UInt8] {
        withBytesAtHand { Array($0.prefix(count)) }
    }

    /// The place of the first newline at hand from `start` on.
    private func newline(after start: Int) -> Int? {
        withBytesAtHand { bytes in
            guard let base = bytes.baseAddress, start < bytes.count,
                let found = memchr(base + start, 0x0A, bytes.count - start)
            else { return nil }
            return base.distance(to: found)
        }
    }

    private func withBytesAtHand<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        guard decompressed == nil else {
            return ahead.withUnsafeBytes {
                body(UnsafeRawBufferPointer(rebasing: $0[aheadStart...]))
            }
        }
        return withExtendedLifetime(file) {
            body(UnsafeRawBufferPointer(rebasing: file.bytes[offset...]))
        }
    }

    /// Decompresses until at least `count` bytes are at hand, or all that are left.
    private func fill(_ count: Int) throws(ShardError) {
        guard let decompressed else { return }
        while countAtHand < count, try decompressed.appendNext(to: &ahead) {}
    }

    private func advance(_ count: Int) {
        offset += count
        guard decompressed != nil else { return }
        aheadStart += count
        // What is read goes when it is more than what is left, so that bytes move once or twice.
        if aheadStart > ahead.count / 2 {
            ahead.removeFirst(aheadStart)
            aheadStart = 0
        }
    }
}
