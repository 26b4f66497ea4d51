import Basics
import Checkpoints
import Tensors

/// Tensors of 32-bit floats as the weights of a model, to be compared with those of a file.
final class TensorWeights: WeightSource, @unchecked Sendable {
    // Unchecked: tensors belong to the thread of their training, which alone uses this.

    let path: String
    let names: [String]
    private let tensors: [String: Tensor]

    /// - Parameters:
    ///   - tensors: the weights by name.
    ///   - path: the folder that they are for, in messages.
    init(_ tensors: [(name: String, tensor: Tensor)], for path: String) {
        self.path = path
        names = tensors.map(\.name)
        self.tensors = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.tensor) })
    }

    func entry(_ name: String) -> WeightEntry? {
        tensors[name].map { WeightEntry(name: name, elementType: .float32, shape: $0.shape) }
    }

    func withBytes<Result>(
        of name: String,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        guard let tensor = tensors[name] else { throw WeightError.missing(name: name) }
        let bytes = try withTorchErrors { try tensor.to(.float32).bytes() }
        return try bytes.withUnsafeBytes { try body($0) }
    }
}
