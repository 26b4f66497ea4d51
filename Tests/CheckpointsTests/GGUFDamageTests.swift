import Basics
import Checkpoints
import Foundation
import JamTesting
import Testing

@Suite struct GGUFDamageTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func message(_ bytes: [UInt8]) throws -> String {
        let path = scratch.file("model.gguf")
        try Data(bytes).write(to: URL(filePath: path))
        do {
            let weights = try CheckpointFolder(path)
            for name in weights.names { _ = try weights.floats(of: name) }
            return "read"
        } catch let error as any UserError {
            return error.description.replacingOccurrences(of: path + ": ", with: "")
        }
    }

    @Test("A file is refused wherever it is cut short")
    func truncation() throws {
        let bytes = try Fixture.bytes("gguf/two.gguf")
        for count in 0..<bytes.count {
            // Padding at the end means nothing.
            let isWhole = count >= bytes.count - 16
            #expect(try (message(Array(bytes[..<count])) == "read") == isWhole, "\(count)")
        }
    }

    // Prevents: a crash, or bytes beyond the file, whatever a header says.
    @Test("Every flipped bit of the header is refused or harmless")
    func bitFlips() throws {
        let whole = try Fixture.bytes("gguf/two.gguf")
        for index in 0..<(whole.count - 64) {
            for bit in 0..<8 {
                var bytes = whole
                bytes[index] ^= 1 << bit
                _ = try message(bytes)
            }
        }
    }

    private typealias Change = @Sendable (inout GGUFMaker) -> Void

    /// What is wrong, and the message word for word.
    private static let cases: [(change: Change, message: String)] = [
        ({ $0.magic = Array("GGML".utf8) }, "a GGUF file begins with \"GGUF\"; this one does not"),
        ({ $0.version = 1 }, "version 1 of GGUF is not supported; 2 and 3 are"),
        (
            { $0.version = UInt32(3).byteSwapped },
            "the numbers are big-endian; little-endian is expected"
        ),
        (
            { $0.valueCount = 1 << 63 },
            "the number of metadata values is 9223372036854775808, but 488 bytes follow; is the file "
                + "cut short?"
        ),
        (
            { $0.tensorCount = 1 << 40 },
            "1099511627776 tensors are announced, but 199 bytes follow; is the file cut short?"
        ),
        (
            { $0.values.append($0.values[1]) },
            "the key \"llama.attention.head_count\" is a duplicate"
        ),
        (
            { $0.tensors[1].name = "token_embd.weight" },
            "the tensor \"token_embd.weight\" is a duplicate"
        ),
        (
            { $0.tensors[1].offset = 0 },
            "the tensors \"token_embd.weight\" and \"output_norm.weight\" share bytes"
        ),
        (
            { $0.tensors[1].offset = 40 },
            "the tensor \"output_norm.weight\" is at byte 40 of the data, which is no multiple of 32"
        ),
        (
            { $0.tensors[1].offset = 1 << 62 },
            "the tensor \"output_norm.weight\" needs 16 bytes at byte 4611686018427387904 of the data, "
                + "but the file has 64 bytes of data; it is cut short"
        ),
        (
            { $0.tensors[1].offset = .max },
            "the tensor \"output_norm.weight\" is at 18446744073709551615, which is beyond any file"
        ),
        (
            { $0.tensors[0].dimensions = [1 << 32, 1 << 32] },
            "the tensor \"token_embd.weight\": the shape [4294967296, 4294967296] is larger than any "
                + "file"
        ),
        (
            { $0.tensors[0].dimensions = [4, 0] },
            "the tensor \"token_embd.weight\" has the dimension 0"
        ),
        (
            { $0.tensors[0].dimensions = [1, 1, 1, 1, 1] },
            "the tensor \"token_embd.weight\" has 5 dimensions; at most 4 are expected"
        ),
        (
            { $0.tensors[0].type = 17 },
            "the tensor \"token_embd.weight\" is IQ2_XS, which is not supported; supported are F32, "
                + "F16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, BF16"
        ),
        (
            { $0.tensors[0].type = 2 },
            "the tensor \"token_embd.weight\" has rows of 4, which are no whole blocks of 32 elements "
                + "of type Q4_0"
        ),
        (
            { $0.tensors[1].name = "blk.0.mystery.weight" },
            "the tensor \"blk.0.mystery.weight\" is not known in the architecture \"llama\""
        ),
        (
            { $0.values[0].1 = .string("mamba") },
            "general.architecture: \"mamba\" is not supported; supported are llama, qwen2, qwen3, "
                + "gemma3, phi3, olmo2, granite, smollm3"
        ),
        (
            { $0.values[0].1 = .raw(13, []) },
            "\"general.architecture\" has the type 13; 0 to 12 are known"
        ),
        (
            { $0.values.append(("general.alignment", .uint32(24))) },
            "general.alignment is 24; a power of two up to 2^20 is expected"
        ),
        (
            { $0.values.append(("split.count", .uint32(3))) },
            "split.count: the model is split into 3 files; join them with llama-gguf-split"
        ),
        ({ $0.values.append(("flag", .raw(7, [2]))) }, "\"flag\" is 2; 0 or 1 is expected"),
        (
            { $0.values.append(("text", .raw(8, [1, 0, 0, 0, 0, 0, 0, 0, 0xFF]))) },
            "\"text\" at byte 337 is not UTF-8"
        ),
        (
            { maker in
                var raw: [UInt8] = []
                for _ in 0..<5 {
                    raw.append(UInt32(9))
                    raw.append(UInt64(1))
                }
                maker.values.append(("deep", .raw(9, raw)))
            },
            "\"deep\" has arrays in arrays, 5 deep"
        ),
    ]

    @Test("Every kind of damage has its own message", arguments: cases.indices)
    func messages(index: Int) throws {
        var maker = GGUFMaker()
        #expect(try message(maker.bytes) == "read")
        Self.cases[index].change(&maker)
        let found = try message(maker.bytes)
        #expect(found == Self.cases[index].message)
    }

    @Test("Bytes that belong to no tensor are told")
    func unusedBytes() throws {
        var maker = GGUFMaker()
        maker.dataCount = 100
        let path = scratch.file("model.gguf")
        try Data(maker.bytes).write(to: URL(filePath: path))
        #expect(try CheckpointFolder(path).warnings == ["\(path): 36 bytes belong to no tensor"])
    }
}
