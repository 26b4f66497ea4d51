internal import Basics
internal import Checkpoints
package import Layers
internal import Tensors

/// The number format of the weights in a model folder.
package enum WeightStorage: String, Sendable, CaseIterable {
    case float32
    /// Matrices, tables and heads as 8-bit integers with one scale per row, the rest as float32.
    case int8

    /// Writes `model.safetensors` to a folder.
    package func write(_ parameters: [Parameter], to folder: String) throws {
        var writer = try SafetensorsWriter(
            folder + "/" + CheckpointFolder.FileName.weights,
            entries: parameters.flatMap(entries)
        )
        for parameter in parameters {
            let floats = try withTorchErrors { try parameter.tensor.floats() }
            guard isQuantized(parameter.spec) else {
                try floats.withUnsafeBytes { try writer.write($0, to: parameter.spec.name) }
                continue
            }
            let shape = parameter.spec.shape
            let quantized = try Int8Rows.quantize(floats, rows: shape[0], columns: shape[1])
            let scaleName = Int8Rows.scaleName(of: parameter.spec.name)
            try quantized.bytes.withUnsafeBytes { try writer.write($0, to: parameter.spec.name) }
            try quantized.scales.withUnsafeBytes { try writer.write($0, to: scaleName) }
        }
        try writer.finish()
    }

    private func isQuantized(_ spec: ParameterSpec) -> Bool {
        guard self == .int8 else { return false }
        return switch spec.role {
        case .matrix, .table, .head: true
        case .positions, .bias, .scale, .kernel: false
        }
    }

    private func entries(_ parameter: Parameter) -> [WeightEntry] {
        let spec = parameter.spec
        guard isQuantized(spec) else {
            return [WeightEntry(name: spec.name, elementType: .float32, shape: spec.shape)]
        }
        return [
            WeightEntry(name: spec.name, elementType: .int8, shape: spec.shape),
            WeightEntry(
                name: Int8Rows.scaleName(of: spec.name),
                elementType: .float32,
                shape: [spec.shape[0], 1]
            ),
        ]
    }
}
