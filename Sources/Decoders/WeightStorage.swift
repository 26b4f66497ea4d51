internal import Basics
internal import Checkpoints
package import Layers
internal import Tensors

/// How the weights of a model are stored in its folder.
package enum WeightStorage: String, Sendable, CaseIterable {
    /// As the 32-bit floats that they are trained in.
    case float32
    /// Matrices, tables and heads as 8-bit integers with a scale a row; the rest as it is.
    case int8

    /// Writes `model.safetensors` into a folder.
    package func write(_ parameters: [Parameter], to folder: String) throws {
        var writer = try SafetensorsWriter(
            folder + "/" + CheckpointFolder.FileName.weights,
            entries: parameters.flatMap(entries)
        )
        for parameter in parameters {
            let floats = try withTorchErrors { try parameter.tensor.floats() }
            guard isRounded(parameter.spec) else {
                try floats.withUnsafeBytes { try writer.write($0, to: parameter.spec.name) }
                continue
            }
            let shape = parameter.spec.shape
            let rounded = try Int8Rows.quantize(floats, rows: shape[0], columns: shape[1])
            let scaleName = Int8Rows.scaleName(of: parameter.spec.name)
            try rounded.bytes.withUnsafeBytes { try writer.write($0, to: parameter.spec.name) }
            try rounded.scales.withUnsafeBytes { try writer.write($0, to: scaleName) }
        }
        try writer.finish()
    }

    private func isRounded(_ spec: ParameterSpec) -> Bool {
        guard self == .int8 else { return false }
        return switch spec.role {
        case .matrix, .table, .head: true
        case .positions, .bias, .gain, .kernel: false
        }
    }

    private func entries(_ parameter: Parameter) -> [WeightEntry] {
        let spec = parameter.spec
        guard isRounded(spec) else {
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
