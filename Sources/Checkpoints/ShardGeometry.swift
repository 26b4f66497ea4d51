import Basics

/// Where everything lies in one file of weights: the header, then the weights without gaps.
struct ShardGeometry: Sendable {
    /// The bytes that are written at once.
    ///
    /// Blocks begin at multiples of their size. The system keeps files in pages, and writing a page
    /// in two pieces, as weights that follow a header of any length would be, takes twice the time.
    static let blockSize = 1 << 18

    /// The name of the file.
    let file: String
    /// All of its bytes.
    let byteCount: Int
    private let header: [UInt8]
    /// The weights in the order of their bytes, counted from the start of the file.
    private let weights: [(name: String, range: Range<Int>)]

    /// Lays out a shard as the reference writer does.
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

    /// The number of blocks, of which the last may be shorter.
    var blockCount: Int { (byteCount + Self.blockSize - 1) / Self.blockSize }

    /// The bytes of a block, counted from the start of the file.
    func block(_ index: Int) -> Range<Int> {
        let start = index * Self.blockSize
        return start..<min(start + Self.blockSize, byteCount)
    }

    /// How many of the bytes are weights.
    func weightByteCount(in block: Range<Int>) -> Int {
        block.upperBound - max(block.lowerBound, min(header.count, block.upperBound))
    }

    /// Makes the bytes of a block, those of weights by `make`.
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

/// Some bytes of a weight.
package struct WeightPart: Sendable, Equatable {
    /// The weight's name.
    package let name: String
    /// The bytes, counted from its first; they begin and end with an element.
    package let bytes: Range<Int>
}
