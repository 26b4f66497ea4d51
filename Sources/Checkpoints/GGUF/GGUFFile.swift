import Basics

/// A GGUF file of version 2 or 3, mapped read-only: everything but the weights' values is checked.
///
/// The format is described in ggml's `docs/gguf.md`. In one file: typed metadata, a list of tensors,
/// then their bytes, each tensor at a multiple of the alignment.
final class GGUFFile: Sendable {
    let path: String
    let metadata: GGUFMetadata
    /// In the order of their bytes.
    let tensors: [GGUFTensor]
    /// What is odd but harmless, one sentence each.
    let warnings: [String]
    private let file: MappedFile

    /// Whether a file begins as a GGUF file does.
    static func begins(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: "GGUF".utf8) }

    init(_ file: MappedFile) throws(GGUFError) {
        do {
            let header = try GGUFHeader(of: file.bytes)
            metadata = GGUFMetadata(path: file.path, values: header.metadata)
            tensors = header.tensors
            let rest = header.unusedByteCount
            warnings = rest > 0 ? ["\(file.path): \(rest) bytes belong to no tensor"] : []
        } catch {
            throw GGUFError(path: file.path, problem: error.text)
        }
        path = file.path
        self.file = file
    }

    /// The bytes of the whole file, valid as long as this object.
    var content: MappedFile { file }

    /// The most blocks that are read at once.
    private static let pieceSize = 256

    /// Fills `floats` with elements of a tensor, from `start` on, without mapping them.
    func read(
        _ tensor: GGUFTensor,
        from start: Int,
        into floats: UnsafeMutableBufferPointer<Float>
    ) throws(FileError) {
        precondition(start >= 0 && floats.count <= tensor.count - start)
        let type = tensor.type
        let stored = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.pieceSize * type.blockByteCount,
            alignment: 1
        )
        let block = UnsafeMutableBufferPointer<Float>.allocate(capacity: type.blockSize)
        defer {
            stored.deallocate()
            block.deallocate()
        }
        var done = 0
        while done < floats.count {
            let (first, skipped) = (start + done).quotientAndRemainder(dividingBy: type.blockSize)
            let offset = tensor.range.lowerBound + first * type.blockByteCount
            let wholeBlocks = skipped == 0 ? (floats.count - done) / type.blockSize : 0
            let count = max(1, min(wholeBlocks, Self.pieceSize))
            let bytes = UnsafeMutableRawBufferPointer(
                rebasing: stored[..<(count * type.blockByteCount)]
            )
            try file.read(at: offset, into: bytes)
            // The first and the last block may be needed in part.
            let size =
                wholeBlocks > 0
                ? count * type.blockSize : min(type.blockSize - skipped, floats.count - done)
            let target = UnsafeMutableBufferPointer(rebasing: floats[done..<done + size])
            if wholeBlocks > 0 {
                type.decode(UnsafeRawBufferPointer(bytes), into: target)
            } else {
                type.decode(UnsafeRawBufferPointer(bytes), into: block)
                _ = target.update(fromContentsOf: block[skipped..<skipped + size])
            }
            done += size
        }
    }

    /// Fills `bytes` with stored bytes of a tensor, from `offset` on.
    func read(
        _ tensor: GGUFTensor,
        at offset: Int,
        into bytes: UnsafeMutableRawBufferPointer
    ) throws(FileError) {
        precondition(offset >= 0 && bytes.count <= tensor.range.count - offset)
        try file.read(at: tensor.range.lowerBound + offset, into: bytes)
    }
}
