package import Basics
package import Checkpoints
package import Tensors

/// The weights of a checkpoint, strict both ways: no missing and no unused weights.
package final class WeightsSource: ParameterSource {
    private let weights: any WeightSource
    private let elementType: ElementType
    private let packs: Bool
    private let allowsUnused: (String) -> Bool

    /// - Parameters:
    ///   - weights: an opened checkpoint.
    ///   - elementType: the type that the model computes in.
    ///   - packs: whether matrices stay as they are stored, packed for a model that only answers;
    ///     their elements count as float32 then.
    ///   - allowsUnused: which weights of the checkpoint the model may leave unused.
    package init(
        _ weights: any WeightSource,
        as elementType: ElementType = .float32,
        packing packs: Bool = false,
        allowingUnused allowsUnused: @escaping (String) -> Bool = { _ in false }
    ) {
        self.weights = weights
        self.elementType = elementType
        self.packs = packs
        self.allowsUnused = allowsUnused
    }

    package func tensor(for spec: ParameterSpec, initially: Initialization) throws -> Tensor {
        try weights.check(spec)
        if packs, let packed = try packed(spec) { return packed }
        if let entry = weights.entry(spec.name), FloatFormat(entry.elementType) != nil {
            return try weights.withBytes(of: spec.name) {
                Tensor(bytes: $0, spec.shape, entry.elementType).to(elementType)
            }
        }
        return Tensor(try weights.floats(of: spec.name), spec.shape).to(elementType)
    }

    /// A matrix, table or head in the form that products with few rows read fastest; `nil` for other
    /// weights, and for those whose sizes or values do not allow it.
    private func packed(_ spec: ParameterSpec) throws -> Tensor? {
        switch spec.role {
        case .matrix, .table, .head: break
        case .positions, .bias, .scale, .kernel: return nil
        }
        guard Tensor.canPack(spec.shape), let entry = weights.entry(spec.name) else { return nil }
        if let rows = try weights.quantizedRows(of: spec.name) {
            return rows.packed(spec.shape)
        }
        guard let format = FloatFormat(entry.elementType) else { return nil }
        return try weights.withBytes(of: spec.name) { bytes in
            // The kernels know no infinity of 16 bits.
            guard format != .float16 || format.areFinite(bytes) else { return nil }
            return Tensor.packed(bytes, spec.shape, entry.elementType)
        }
    }

    package func finish(declared names: Set<String>) throws {
        try weights.checkNothingIsUnused(besides: names, allowingUnused: allowsUnused)
    }
}

extension QuantizedRows {
    /// `nil` if the groups are not ones that can be packed.
    fileprivate func packed(_ shape: [Int]) -> Tensor? {
        guard shape[1] % groupSize == 0 else { return nil }
        switch integers {
        case .int8(let integers):
            guard groupSize % 2 == 0 else { return nil }
            return .packed(
                integers,
                shape,
                groupSize: groupSize,
                scales: scales,
                minima: minima
            )
        case .int4(let nibbles):
            guard groupSize % 8 == 0 else { return nil }
            return .packed(
                nibbles: nibbles,
                shape,
                groupSize: groupSize,
                scales: scales,
                minima: minima
            )
        }
    }
}
