import Basics
import Checkpoints
import Layers
import Tensors
import Testing

/// A checkpoint in memory.
private struct Weights: MappedWeightSource {
    let path = "memory"
    let entries: [WeightEntry]
    let storage: SendableBytes

    /// A buffer of zeros; unchecked because it is never written.
    final class SendableBytes: @unchecked Sendable {
        let bytes: UnsafeMutableRawBufferPointer
        init(_ count: Int) {
            bytes = .allocate(byteCount: count, alignment: 16)
            bytes.initializeMemory(as: UInt8.self, repeating: 0)
        }
        deinit { bytes.deallocate() }
    }

    init(_ entries: [WeightEntry]) {
        self.entries = entries
        storage = SendableBytes(entries.map(\.byteCount).max() ?? 0)
    }

    var names: [String] { entries.map(\.name) }
    func entry(_ name: String) -> WeightEntry? { entries.first { $0.name == name } }
    func bytes(of name: String) throws -> UnsafeRawBufferPointer {
        guard let entry = entry(name) else { throw WeightError.missing(name: name) }
        return UnsafeRawBufferPointer(rebasing: storage.bytes[..<entry.byteCount])
    }
}

private func build(_ weights: Weights) throws {
    _ = try ParameterStore.build(from: WeightsSource(weights)) {
        try Linear(2, 3, bias: true, $0 / "layer")
    }
}

@Suite struct LayersTests {
    private static let weight = WeightEntry(
        name: "layer.weight",
        elementType: .float32,
        shape: [3, 2]
    )
    private static let bias = WeightEntry(name: "layer.bias", elementType: .float32, shape: [3])

    @Test("A complete checkpoint loads") func aCompleteCheckpointLoads() throws {
        try build(Weights([Self.weight, Self.bias]))
    }

    /// Prevents a checkpoint that is silently loaded in part.
    @Test("What is missing or left over is named") func whatIsMissingOrLeftOverIsNamed() {
        #expect(throws: LoadingError.missing(path: "memory", name: "layer.bias", shape: [3])) {
            try build(Weights([Self.weight]))
        }
        let odd = WeightEntry(name: "odd", elementType: .float32, shape: [1])
        #expect(throws: LoadingError.unused(path: "memory", name: "odd", count: 1)) {
            try build(Weights([Self.weight, Self.bias, odd]))
        }
        let turned = WeightEntry(name: "layer.weight", elementType: .float32, shape: [2, 3])
        #expect(
            throws: LoadingError.shape(
                path: "memory",
                name: "layer.weight",
                found: [2, 3],
                expected: [3, 2]
            )
        ) {
            try build(Weights([turned, Self.bias]))
        }
    }

    /// Prevents a new layer from changing the initialization of the others.
    @Test("Fresh weights belong to their names") func freshWeightsBelongToTheirNames() throws {
        func weights(_ names: [String]) throws -> [[Float]] {
            let (_, store) = try ParameterStore.build(from: InitializationSource(seed: 5)) {
                scope in
                try names.map { try Linear(4, 4, scope / $0) }
            }
            return try store.parameters.map { try $0.tensor.floats() }
        }
        let both = try weights(["a", "b"])
        #expect(try weights(["b"]) == [both[1]])
        #expect(both[0] != both[1])
    }

    /// Four terabytes, if they were allocated.
    @Test("A declaration allocates nothing") func aDeclarationAllocatesNothing() throws {
        let specs = try ParameterStore.declaration {
            try Linear(1 << 20, 1 << 20, $0 / "vast")
        }
        #expect(specs.map(\.shape) == [[1 << 20, 1 << 20]])
    }
}
