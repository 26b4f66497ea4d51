import Basics

/// The formats of quantized weights that we know by name but do not read.
package enum QuantizationMethod: String, CaseIterable {
    case gptq = "GPTQ"
    case awq = "AWQ"
    case gptqOrAWQ = "GPTQ or AWQ"
    case bitsAndBytes = "bitsandbytes"
    case compressedTensors = "compressed-tensors"
    case fp8 = "FP8"

    /// The method of a folder's weights and one of them that shows it; `nil` if there is none.
    package static func found(in folder: CheckpointFolder) -> (method: Self, name: String)? {
        for name in folder.names {
            if let method = of(name, in: folder) { return (method, name) }
        }
        return nil
    }

    private static func of(_ name: String, in folder: CheckpointFolder) -> Self? {
        let isBitsAndBytes =
            name.hasSuffix(".SCB") || name.hasSuffix(".weight.absmax")
            || name.lastComponent.starts(with: "bitsandbytes__".utf8)
        if isBitsAndBytes { return .bitsAndBytes }
        if name.hasSuffix(".qweight") { return byConfig(folder) ?? .gptqOrAWQ }
        switch folder.entry(name)?.elementType {
        case .float8E4M3, .float8E5M2: return byConfig(folder) ?? .fp8
        default: return nil
        }
    }

    private static func byConfig(_ folder: CheckpointFolder) -> Self? {
        guard case .object(let config) = folder.config,
            case .object(let quantization) = config["quantization_config"],
            case .string(let method) = quantization["quant_method"]
        else { return nil }
        return switch method {
        case "gptq": .gptq
        case "awq": .awq
        case "compressed-tensors": .compressedTensors
        default: nil
        }
    }
}

extension String {
    /// What follows the last point.
    fileprivate var lastComponent: Substring.UTF8View {
        guard let point = utf8.lastIndex(of: UInt8(ascii: ".")) else { return self[...].utf8 }
        return self[utf8.index(after: point)...].utf8
    }
}
