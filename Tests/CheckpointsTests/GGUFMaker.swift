import Foundation

/// Writes GGUF files byte by byte, also malformed ones.
struct GGUFMaker {
    enum Value {
        case uint32(UInt32)
        case string(String)
        case strings([String])
        /// A type, then bytes as they are.
        case raw(UInt32, [UInt8])
    }

    struct Tensor {
        var name: String
        var dimensions: [UInt64]
        var type: UInt32 = 0
        var offset: UInt64
    }

    var magic = Array("GGUF".utf8)
    var version: UInt32 = 3
    /// `nil` for the true numbers.
    var tensorCount: UInt64?
    var valueCount: UInt64?
    var values: [(String, Value)] = [
        ("general.architecture", .string("llama")), ("llama.attention.head_count", .uint32(1)),
        ("llama.block_count", .uint32(1)), ("llama.context_length", .uint32(8)),
        ("llama.embedding_length", .uint32(4)), ("llama.feed_forward_length", .uint32(4)),
        ("llama.attention.layer_norm_rms_epsilon", .uint32(1)),
    ]
    var tensors = [
        Tensor(name: "token_embd.weight", dimensions: [4, 2], offset: 0),
        Tensor(name: "output_norm.weight", dimensions: [4], offset: 32),
    ]
    var dataCount = 64

    var bytes: [UInt8] {
        var bytes = magic
        bytes.append(version)
        bytes.append(tensorCount ?? UInt64(tensors.count))
        bytes.append(valueCount ?? UInt64(values.count))
        for (key, value) in values {
            bytes.append(key)
            switch value {
            case .uint32(let number):
                bytes.append(UInt32(4))
                bytes.append(number)
            case .string(let text):
                bytes.append(UInt32(8))
                bytes.append(text)
            case .strings(let list):
                bytes.append(UInt32(9))
                bytes.append(UInt32(8))
                bytes.append(UInt64(list.count))
                for text in list { bytes.append(text) }
            case .raw(let type, let raw):
                bytes.append(type)
                bytes += raw
            }
        }
        for tensor in tensors {
            bytes.append(tensor.name)
            bytes.append(UInt32(tensor.dimensions.count))
            for dimension in tensor.dimensions { bytes.append(dimension) }
            bytes.append(tensor.type)
            bytes.append(tensor.offset)
        }
        while bytes.count % 32 != 0 { bytes.append(UInt8(0)) }
        return bytes + [UInt8](repeating: 0, count: dataCount)
    }
}

extension [UInt8] {
    mutating func append(_ number: some FixedWidthInteger) {
        self += Swift.withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    mutating func append(_ text: String) {
        append(UInt64(text.utf8.count))
        self += Array(text.utf8)
    }
}
