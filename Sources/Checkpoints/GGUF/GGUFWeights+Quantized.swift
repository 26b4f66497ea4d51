internal import Basics

extension GGUFWeights {
    /// The integers of a matrix of blocks, in the order of the weight's rows.
    func quantizedRows(of name: String) throws -> QuantizedRows? {
        let item = try item(name)
        let type = item.tensor.type
        guard item.entry.shape.count == 2, item.offset == 0, let groupSize = type.groupSize else {
            return nil
        }
        let (rows, columns) = (item.entry.shape[0], item.entry.shape[1])
        let groups = columns / groupSize
        let rowBytes = columns / type.blockSize * type.blockByteCount
        let stored = try bytes(of: item)
        var scales = [Float](repeating: 0, count: rows * groups)
        var minima = type.hasMinima ? scales : []
        var integers = [Int8](repeating: 0, count: rows * columns)
        stored.withUnsafeBytes { stored in
            integers.withUnsafeMutableBufferPointer { integers in
                scales.withUnsafeMutableBufferPointer { scales in
                    minima.withUnsafeMutableBufferPointer { minima in
                        for row in 0..<rows {
                            let from = item.interleavedHeads > 0 ? item.storedRow(row) : row
                            let place = row * groups
                            guard let integers = integers.baseAddress,
                                let scales = scales.baseAddress
                            else { return }
                            type.unpack(
                                UnsafeRawBufferPointer(
                                    rebasing: stored[from * rowBytes..<(from + 1) * rowBytes]
                                ),
                                integers: integers + row * columns,
                                scales: scales + place,
                                minima: type.hasMinima ? minima.baseAddress.map { $0 + place } : nil
                            )
                        }
                    }
                }
            }
        }
        return QuantizedRows(
            type.leastNibble.map { least in .int4(integers.map { UInt8($0 - least) }) }
                ?? .int8(integers),
            groupSize: groupSize,
            scales: scales,
            minima: type.hasMinima ? minima : nil
        )
    }
}
