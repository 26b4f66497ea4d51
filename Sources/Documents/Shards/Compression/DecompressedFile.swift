import Basics

/// The content of a compressed file, in parts from start to end.
///
/// A file may have several streams in a row, as `cat` and parallel compressors make them.
final class DecompressedFile {
    private static let partSize = 1 << 18
    /// Data more than this many times as large as their file are taken for an attack.
    private static let mostTimes = 1_000
    /// Fewer bytes than these never are: 16 MiB.
    private static let leastSuspect = 1 << 24

    private let file: MappedFile
    private let compression: Compression
    private let decompressor: any Decompressor
    private var offset = 0
    private var count = 0
    private var isBetweenStreams = false

    init(_ file: MappedFile, _ compression: Compression) {
        self.file = file
        self.compression = compression
        decompressor = compression.decompressor()
    }

    /// Appends the next part to `bytes`; false at the end of the file.
    ///
    /// - Throws: ``ShardError`` of scope `shard` if the file is damaged, ends too early, or has too
    ///   much in it.
    func appendNext(to bytes: inout [UInt8]) throws(ShardError) -> Bool {
        let start = bytes.count
        while bytes.count == start {
            if isBetweenStreams {
                // Tapes and some uploads fill the last block with zeros, and xz any block.
                let padding = file.bytes[offset...].prefix { $0 == 0 }.count
                if offset + padding == file.bytes.count { return false }
                if compression == .xz, padding % 4 == 0 { offset += padding }
            }
            let rest = UnsafeRawBufferPointer(rebasing: file.bytes[offset...])
            if isBetweenStreams {
                guard Compression(sniffing: Array(rest.prefix(8))) == compression else {
                    throw failure("other bytes follow the \(compression.rawValue) data")
                }
                decompressor.restart()
                isBetweenStreams = false
            }
            guard !rest.isEmpty else {
                throw failure("the \(compression.rawValue) data end too early")
            }
            try decompress(rest, appendingTo: &bytes)
        }
        count += bytes.count - start
        guard count < Self.leastSuspect || count / Self.mostTimes < file.bytes.count else {
            throw failure(
                "its content is more than \(Self.mostTimes) times as large as the file; "
                    + "decompress it first if that is meant"
            )
        }
        return true
    }

    private func decompress(_ rest: UnsafeRawBufferPointer, appendingTo bytes: inout [UInt8])
        throws(ShardError)
    {
        let input = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.partSize))
        var result = Result<DecompressionStep, DecompressionError>.failure(.damaged)
        let part = [UInt8](unsafeUninitializedCapacity: Self.partSize) { space, written in
            let output = UnsafeMutableRawBufferPointer(
                start: space.baseAddress,
                count: Self.partSize
            )
            result = Result { () throws(DecompressionError) in
                try decompressor.decompress(input, into: output)
            }
            written = (try? result.get().written) ?? 0
        }
        do throws(DecompressionError) {
            let step = try result.get()
            offset += step.taken
            isBetweenStreams = step.isEnd
            bytes += part
            guard step.taken + step.written > 0 || step.isEnd else {
                throw DecompressionError.damaged
            }
        } catch {
            throw failure("\(compression.rawValue) at byte \(offset): \(error.problem)")
        }
    }

    private func failure(_ problem: String) -> ShardError {
        ShardError(place: file.path, problem: problem, scope: .shard)
    }
}
