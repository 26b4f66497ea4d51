internal import Basics
internal import CConversions

/// How the elements of a GGUF tensor are stored: floats, or blocks of quantized numbers.
enum GGUFTensorType: UInt32, Sendable, CaseIterable {
    case f32 = 0
    case f16 = 1
    case q4_0 = 2
    case q4_1 = 3
    case q5_0 = 6
    case q5_1 = 7
    case q8_0 = 8
    case q2_K = 10
    case q3_K = 11
    case q4_K = 12
    case q5_K = 13
    case q6_K = 14
    case bf16 = 30

    /// The name in the format, such as `Q4_K`.
    var name: String {
        switch self {
        case .q2_K, .q3_K, .q4_K, .q5_K, .q6_K: "Q\(rawValue - 8)_K"
        default: "\(self)".uppercased()
        }
    }

    /// The names of types that are not read, by their number.
    static let others: [UInt32: String] = [
        9: "Q8_1", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S",
        20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32",
        27: "I64", 28: "F64", 29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4", 40: "NVFP4",
        41: "Q1_0",
    ]

    /// The elements of a block; 1 for floats.
    var blockSize: Int {
        switch self {
        case .f32, .f16, .bf16: 1
        case .q4_0, .q4_1, .q5_0, .q5_1, .q8_0: 32
        case .q2_K, .q3_K, .q4_K, .q5_K, .q6_K: 256
        }
    }

    /// The bytes of a block.
    var blockByteCount: Int {
        switch self {
        case .f32: 4
        case .f16, .bf16: 2
        case .q4_0: 18
        case .q4_1: 20
        case .q5_0: 22
        case .q5_1: 24
        case .q8_0: 34
        case .q2_K: 84
        case .q3_K: 110
        case .q4_K: 144
        case .q5_K: 176
        case .q6_K: 210
        }
    }

    /// The format of floats; `nil` for blocks.
    var format: FloatFormat? {
        switch self {
        case .f32: .float32
        case .f16: .float16
        case .bf16: .bfloat16
        default: nil
        }
    }

    /// The elements that share a scale; `nil` for floats.
    var groupSize: Int? {
        switch self {
        case .f32, .f16, .bf16: nil
        case .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .q4_K, .q5_K: 32
        case .q2_K, .q3_K, .q6_K: 16
        }
    }

    /// Whether groups have a minimum as well.
    var hasMinima: Bool { [.q4_1, .q5_1, .q2_K, .q4_K, .q5_K].contains(self) }

    /// The smallest integer of types whose integers have at most 4 bits; `nil` for others.
    var leastNibble: Int8? {
        switch self {
        case .q4_0, .q3_K: -8
        case .q4_1, .q4_K, .q2_K: 0
        default: nil
        }
    }

    /// Turns whole blocks into their integers, and scales and minima of the groups.
    func unpack(
        _ blocks: UnsafeRawBufferPointer,
        integers: UnsafeMutablePointer<Int8>,
        scales: UnsafeMutablePointer<Float>,
        minima: UnsafeMutablePointer<Float>?
    ) {
        let count = blocks.count / blockByteCount
        precondition(blocks.count % blockByteCount == 0)
        let unpack:
            @convention(c) (
                UnsafeRawPointer?, Int, UnsafeMutablePointer<Int8>?, UnsafeMutablePointer<Float>?,
                UnsafeMutablePointer<Float>?
            ) -> Void
        switch self {
        case .f32, .f16, .bf16: preconditionFailure("\(name) has no blocks")
        case .q4_0: unpack = cc_unpack_q4_0
        case .q4_1: unpack = cc_unpack_q4_1
        case .q5_0: unpack = cc_unpack_q5_0
        case .q5_1: unpack = cc_unpack_q5_1
        case .q8_0: unpack = cc_unpack_q8_0
        case .q2_K: unpack = cc_unpack_q2_k
        case .q3_K: unpack = cc_unpack_q3_k
        case .q4_K: unpack = cc_unpack_q4_k
        case .q5_K: unpack = cc_unpack_q5_k
        case .q6_K: unpack = cc_unpack_q6_k
        }
        unpack(blocks.baseAddress, count, integers, scales, minima)
    }

    /// Turns whole blocks into floats, of which there is room for all.
    func decode(
        _ blocks: UnsafeRawBufferPointer,
        into floats: UnsafeMutableBufferPointer<Float>
    ) {
        let count = blocks.count / blockByteCount
        precondition(blocks.count % blockByteCount == 0 && floats.count == count * blockSize)
        guard let source = blocks.baseAddress, let target = floats.baseAddress else { return }
        switch self {
        case .f32: FloatFormat.float32.read(blocks, into: floats)
        case .f16: FloatFormat.float16.read(blocks, into: floats)
        case .bf16: FloatFormat.bfloat16.read(blocks, into: floats)
        case .q4_0: cc_dequantize_q4_0(source, count, target)
        case .q4_1: cc_dequantize_q4_1(source, count, target)
        case .q5_0: cc_dequantize_q5_0(source, count, target)
        case .q5_1: cc_dequantize_q5_1(source, count, target)
        case .q8_0: cc_dequantize_q8_0(source, count, target)
        case .q2_K: cc_dequantize_q2_k(source, count, target)
        case .q3_K: cc_dequantize_q3_k(source, count, target)
        case .q4_K: cc_dequantize_q4_k(source, count, target)
        case .q5_K: cc_dequantize_q5_k(source, count, target)
        case .q6_K: cc_dequantize_q6_k(source, count, target)
        }
    }
}
