import CBzip2
import CLZMA
import CZlib
import CZstd

// Each of these libraries' streams stays where it was initialized, since some keep its address.

/// gzip by zlib, which checks the checksum.
final class GzipDecompressor: Decompressor {
    /// Windows of 32 KB, and the header of gzip.
    private static let windowBits: Int32 = 15 + 16
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

    init() {
        stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        let status = inflateInit2_(stream, Self.windowBits, ZLIB_VERSION, size)
        precondition(status == Z_OK, "zlib is another version than its header")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func decompress(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer)
        throws(DecompressionError) -> DecompressionStep
    {
        stream.pointee.next_in = .init(mutating: input.bytes)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.bytes
        stream.pointee.avail_out = UInt32(output.count)
        let status = inflate(stream, Z_NO_FLUSH)
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
            throw .damaged
        }
        return DecompressionStep(
            taken: input.count - Int(stream.pointee.avail_in),
            written: output.count - Int(stream.pointee.avail_out),
            isEnd: status == Z_STREAM_END
        )
    }

    func restart() { inflateReset(stream) }
}

final class Bzip2Decompressor: Decompressor {
    private let stream = UnsafeMutablePointer<bz_stream>.allocate(capacity: 1)

    init() {
        stream.initialize(to: bz_stream())
        BZ2_bzDecompressInit(stream, 0, 0)
    }

    deinit {
        BZ2_bzDecompressEnd(stream)
        stream.deallocate()
    }

    func decompress(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer)
        throws(DecompressionError) -> DecompressionStep
    {
        stream.pointee.next_in = UnsafeMutableRawPointer(mutating: input.baseAddress)?
            .assumingMemoryBound(to: CChar.self)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: CChar.self)
        stream.pointee.avail_out = UInt32(output.count)
        let status = BZ2_bzDecompress(stream)
        guard status == BZ_OK || status == BZ_STREAM_END else { throw .damaged }
        return DecompressionStep(
            taken: input.count - Int(stream.pointee.avail_in),
            written: output.count - Int(stream.pointee.avail_out),
            isEnd: status == BZ_STREAM_END
        )
    }

    func restart() {
        BZ2_bzDecompressEnd(stream)
        stream.pointee = bz_stream()
        BZ2_bzDecompressInit(stream, 0, 0)
    }
}

/// xz by liblzma, which checks the checksums that it knows.
final class XZDecompressor: Decompressor {
    /// What decompressing may take; `xz -9` needs 65 MB.
    private static let memoryLimit: UInt64 = 256 << 20
    private let stream = UnsafeMutablePointer<lzma_stream>.allocate(capacity: 1)

    init() {
        stream.initialize(to: lzma_stream())
        restart()
    }

    deinit {
        lzma_end(stream)
        stream.deallocate()
    }

    func decompress(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer)
        throws(DecompressionError) -> DecompressionStep
    {
        stream.pointee.next_in = .init(input.bytes)
        stream.pointee.avail_in = input.count
        stream.pointee.next_out = output.bytes
        stream.pointee.avail_out = output.count
        let status = lzma_code(stream, LZMA_RUN)
        switch status {
        case LZMA_OK, LZMA_STREAM_END, LZMA_BUF_ERROR: break
        case LZMA_MEMLIMIT_ERROR:
            throw DecompressionError(
                problem:
                    "decompressing needs \(lzma_memusage(stream)) bytes of memory, at most "
                    + "\(Self.memoryLimit) are supported"
            )
        default: throw .damaged
        }
        return DecompressionStep(
            taken: input.count - stream.pointee.avail_in,
            written: output.count - stream.pointee.avail_out,
            isEnd: status == LZMA_STREAM_END
        )
    }

    func restart() {
        let status = lzma_stream_decoder(stream, Self.memoryLimit, 0)
        precondition(status == LZMA_OK, "out of memory")
    }
}

final class ZstandardDecompressor: Decompressor {
    private let stream: OpaquePointer

    init() {
        guard let stream = ZSTD_createDStream() else { fatalError("out of memory") }
        self.stream = stream
    }

    deinit { ZSTD_freeDStream(stream) }

    func decompress(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer)
        throws(DecompressionError) -> DecompressionStep
    {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let rest = ZSTD_decompressStream(stream, &target, &source)
        guard ZSTD_isError(rest) == 0 else {
            throw DecompressionError(
                problem: String(cString: ZSTD_getErrorName(rest)).lowercased()
            )
        }
        return DecompressionStep(taken: source.pos, written: target.pos, isEnd: rest == 0)
    }

    func restart() { ZSTD_initDStream(stream) }
}

extension UnsafeRawBufferPointer {
    fileprivate var bytes: UnsafePointer<UInt8>? {
        baseAddress?.assumingMemoryBound(to: UInt8.self)
    }
}

extension UnsafeMutableRawBufferPointer {
    fileprivate var bytes: UnsafeMutablePointer<UInt8>? {
        baseAddress?.assumingMemoryBound(to: UInt8.self)
    }
}
