import ArgumentParser
import Jam

extension Fusion.DataType {
    /// Reads the value of `--dtype`.
    init(parsing name: String) throws {
        switch name {
        case "float32", "fp32": self = .float32
        case "bfloat16", "bf16": self = .bfloat16
        case "float16", "fp16": self = .float16
        default:
            throw ValidationError(
                "--dtype is \"\(name)\"; float32, bfloat16 or float16 is expected"
            )
        }
    }
}
