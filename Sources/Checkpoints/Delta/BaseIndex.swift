import Basics
import Synchronization

/// Which weights and rows the bases have, by the digests of their values.
final class BaseIndex: Sendable {
    private struct Shape: Hashable {
        let elementType: ElementType
        let shape: [Int]
    }

    private struct Width: Hashable {
        let elementType: ElementType
        let columns: Int
    }

    /// A base's weight and the digests of its rows.
    struct Rows: Sendable {
        let weight: DeltaRule.BaseWeight
        let digests: [UInt64]
        let known: Set<UInt64>
    }

    /// What was computed so far.
    private struct Known {
        var wholes: [Shape: [String: [DeltaRule.BaseWeight]]] = [:]
        var rows: [Width: [Rows]] = [:]
    }

    private let bases: [CheckpointFolder]
    /// The numbers of columns of the bases' matrices and tables.
    let widths: Set<Int>
    private let known = Mutex(Known())

    init(_ bases: [CheckpointFolder]) {
        self.bases = bases
        let shapes = bases.flatMap { base in base.names.compactMap { base.entry($0)?.shape } }
        widths = Set(shapes.filter { $0.count == 2 }.map { $0[1] })
    }

    /// A base's weight with these values, read as this type; that of the same name where several are.
    func weight(like entry: WeightEntry, _ bytes: UnsafeRawBufferPointer) throws
        -> DeltaRule.BaseWeight?
    {
        let shape = Shape(elementType: entry.elementType, shape: entry.shape)
        let digests: [String: [DeltaRule.BaseWeight]]
        if let found = known.withLock({ $0.wholes[shape] }) {
            digests = found
        } else {
            let found = try self.digests(of: shape)
            known.withLock { $0.wholes[shape] = found }
            digests = found
        }
        guard !digests.isEmpty, let found = digests[SHA256.hex(of: bytes)] else { return nil }
        return found.first { entry.name.hasSuffix($0.name) } ?? found.first
    }

    /// The bases' weights with this many columns, read as this type.
    func rows(_ columns: Int, _ elementType: ElementType) throws -> [Rows] {
        let width = Width(elementType: elementType, columns: columns)
        if let rows = known.withLock({ $0.rows[width] }) { return rows }
        var found: [Rows] = []
        for weight in weights where bases[weight.base].entry(weight.name)?.shape.count == 2 {
            guard bases[weight.base].entry(weight.name)?.shape[1] == columns,
                let converted = converted(weight, elementType)
            else { continue }
            let pitch = columns * elementType.byteCount
            let digests = try converted.withBytes { Self.rowDigests($0, pitch, 0..<pitch) }
            found.append(Rows(weight: weight, digests: digests, known: Set(digests)))
        }
        let rows = found
        known.withLock { $0.rows[width] = rows }
        return rows
    }

    /// The digest of some columns of each row.
    ///
    /// - Parameters:
    ///   - bytes: all rows.
    ///   - pitch: the bytes of a row.
    ///   - columns: the bytes of the columns in a row.
    /// - Returns: the first 64 bits of the digest of each row.
    static func rowDigests(
        _ bytes: UnsafeRawBufferPointer,
        _ pitch: Int,
        _ columns: Range<Int>
    ) -> [UInt64] {
        stride(from: 0, to: bytes.count, by: pitch).map { start in
            let range = start + columns.lowerBound..<start + columns.upperBound
            return SHA256.check(of: UnsafeRawBufferPointer(rebasing: bytes[range]))
        }
    }

    private var weights: [DeltaRule.BaseWeight] {
        bases.indices.flatMap { base in
            bases[base].names.map { DeltaRule.BaseWeight(base: base, name: $0) }
        }
    }

    private func converted(_ weight: DeltaRule.BaseWeight, _ type: ElementType) -> ConvertedWeight?
    {
        // What cannot be read as the type, such as a mask of booleans, is not compared.
        try? ConvertedWeight(weight.name, of: bases[weight.base], as: type)
    }

    private func digests(of shape: Shape) throws -> [String: [DeltaRule.BaseWeight]] {
        var found: [String: [DeltaRule.BaseWeight]] = [:]
        for weight in weights where bases[weight.base].entry(weight.name)?.shape == shape.shape {
            guard let converted = converted(weight, shape.elementType) else { continue }
            let digest = try converted.withBytes { SHA256.hex(of: $0) }
            found[digest, default: []].append(weight)
        }
        return found
    }
}
