package import Checkpoints
internal import Tensors

extension ParameterStore {
    /// Writes all weights to one safetensors file, converted to `format`.
    package func write(to path: String, as format: FloatFormat) throws {
        let type = format.elementType
        var writer = try SafetensorsWriter(
            path,
            entries: parameters.map {
                WeightEntry(name: $0.spec.name, elementType: type, shape: $0.spec.shape)
            }
        )
        for parameter in parameters {
            let bytes = try withTorchErrors { try parameter.tensor.to(type).bytes() }
            try bytes.withUnsafeBytes { try writer.write($0, to: parameter.spec.name) }
        }
        try writer.finish()
    }
}
