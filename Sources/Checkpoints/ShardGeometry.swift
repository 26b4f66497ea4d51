import Basics

/// The layout of one file of weights: the header, then the weights without gaps.
struct ShardGeometry: Sendable {
    /// The bytes of a block, which begins at a multiple of its size.
    ///
    /// Weights follow a header of any length, so they begin within pages of the system's cache, and
    /// writing a page in two pieces takes twice the time.
    static let blockSize = 1 << 18

    let file: String
    let byteCount: Int
    private let header: [UInt8]
    /// The weights and their ranges in the file, in order.
    private let weights: [(name: String, range: Range<Int>)]

    /// Lays out a shard like the reference writer.
    init(
        _ shard: ShardLayout.Shard,
        _ metadata: [String: String],
        in folder: String
    ) throws(SafetensorsError) {
        let layout = try SafetensorsWriter.layout(
            shard.entries,
            metadata,
            path: folder + "/" + shard.file
        )
        file = shard.file
        header = layout.header
        weights = layout.ranges.filter { !$0.value.isEmpty }
            .sorted { $0.value.lowerBound < $1.value.lowerBound }
            .map { ($0.key, $0.value) }
        byteCount = weights.last?.range.upperBound ?? layout.header.count
    }

    /// The number of blocks; the last may be shorter.
    var blockCount: Int { (byteCount + Self.blockSize - 1) / Self.blockSize }

    /// The range of a block in the file.
    func block(_ index: Int) -> Range<Int> {
        let start = index * Self.blockSize
        return start..<min(start + Self.blockSize, byteCount)
    }

    /// How many bytes of a block are weights.
    func weightByteCount(in block: Range<Int>) -> Int {
        block.upperBound - max(block.lowerBound, min(header.count, block.upperBound))
    }

    /// Makes the bytes of a block, with `make` for those of weights.
    func fill(
        _ block: Range<Int>,
        _ bytes: UnsafeMutableRawBufferPointer,
        _ make: (WeightPart, UnsafeMutableRawBufferPointer) throws -> Void
    ) throws {
        func place(_ range: Range<Int>) -> UnsafeMutableRawBufferPointer {
            let start = range.lowerBound - block.lowerBound
            return UnsafeMutableRawBufferPointer(rebasing: bytes[start..<start + range.count])
        }
        let head = block.clamped(to: 0..<header.count)
        if !head.isEmpty { place(head).copyBytes(from: header[head]) }
        for weight in weights[firstWeight(after: block.lowerBound)...] {
            guard weight.range.lowerBound < block.upperBound else { break }
            let shared = weight.range.clamped(to: block)
            let start = shared.lowerBound - weight.range.lowerBound
            let part = WeightPart(name: weight.name, bytes: start..<start + shared.count)
            try make(part, place(shared))
        }
    }

    /// The index of the first weight that ends after an offset.
    private func firstWeight(after offset: Int) -> Int {
        var (low, high) = (0, weights.count)
        while low < high {
            let middle = (low + high) / 2
            if weights[middle].range.upperBound > offset {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }
}

/// A contiguous part of a weight.
package struct WeightPart: Sendable, Equatable {
    package let name: String
    /// The range in the bytes of the weight; it begins and ends with an element.
    package let bytes: Range<Int>
}
