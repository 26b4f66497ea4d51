import Basics
import Checkpoints
import Documents
import Foundation
import Serving
import Vocabulary

/// What one process feeds with libFuzzer's inputs; `scripts/fuzz` names it.
enum Target: String {
    /// A file of weights: its header, and every byte that the header lends.
    case safetensors
    /// A GGUF file: its header, all weights, and its tokenizer.
    case gguf
    /// The index of a folder with two real shards.
    case index
    /// A file of `torch.save`: its archive, its pickle, and every tensor.
    case torch
    /// A tokenizer: reading it, and then encoding and decoding with it.
    case tokenizer
    /// A chat template: parsing it, and then rendering a conversation with it.
    case template
    /// An image file.
    case image
    /// JSON Lines or an archive, plain or compressed.
    case shard
    /// A file of another program, converted into an archive.
    case records
    /// A form of a request, with the boundary `b`.
    case form

    static let chosen: Target = {
        let name = ProcessInfo.processInfo.environment["JAM_FUZZ_TARGET"] ?? ""
        guard let target = Target(rawValue: name) else { fatalError("no target \"\(name)\"") }
        return target
    }()

    func read(_ input: [UInt8]) throws {
        switch self {
        case .safetensors:
            try Self.use(SafetensorsFile(Scratch.written(input, "model.safetensors")))
        case .gguf:
            let path = try Scratch.written(input, "model.gguf")
            let folder = try CheckpointFolder(path)
            for name in folder.names {
                let byteCount = folder.entry(name)?.byteCount
                try folder.withBytes(of: name) { bytes in
                    precondition(bytes.count == byteCount)
                    _ = bytes.reduce(0, &+)
                }
            }
            _ = try ChatTemplates(ofModel: URL(filePath: path))
            _ = try folder.file(CheckpointFolder.FileName.generationConfig)
            guard folder.has(CheckpointFolder.FileName.tokenizer) else { return }
            try Self.use(Tokenizer(contentsOf: URL(filePath: path)))
        case .index:
            _ = try Scratch.written(input, CheckpointFolder.FileName.index)
            let folder = try CheckpointFolder(Scratch.shardedFolder)
            // A shard that the index does not name is none of the model's.
            let isOfShards = [["a"], ["b"], ["a", "b"]].contains(folder.names)
            precondition(isOfShards, "the index hid or invented a weight")
        case .torch:
            try Self.use(TorchFile(Scratch.written(input, "model.ckpt")))
        case .tokenizer:
            try Self.use(Tokenizer(json: JSON(parsing: input)))
        case .template:
            let file = try Scratch.written(input, "chat_template.jinja")
            let folder = URL(filePath: file).deletingLastPathComponent()
            let template = try ChatTemplates(ofModel: folder)?.template()
            _ = try template?.renderMarkingAnswers(
                Self.conversation,
                variables: ["bos_token": .string("<s>"), "eos_token": .string("</s>")],
                now: Date(timeIntervalSince1970: 0)
            )
        case .image:
            // The limits keep inputs fast; they are checked before anything is decoded.
            _ = try Image(decoding: input, limits: ImageLimits(pixels: 1 << 20))
        case .shard:
            let path = try Scratch.written(input, "shard")
            let limits = ShardLimits(
                textBytes: 1 << 20,
                sampleBytes: 1 << 22,
                images: ImageLimits(pixels: 1 << 16)
            )
            let shard = try DocumentShard(contentsOf: URL(filePath: path), limits: limits)
            let documents = try shard.documents()
            while true {
                do {
                    if try documents.next() == nil { return }
                } catch let error as ShardError where error.scope == .document {
                    continue
                }
            }
        case .records:
            let path = try Scratch.written(input, "records.json")
            let output = URL(filePath: path).deletingLastPathComponent().appending(path: "out.tar")
            let conversion = DataConversion(to: output, images: nil, limit: .count(.max))
            _ = try conversion.convert([path]) { _ in }
            _ = try DocumentShard(contentsOf: output).documents().collect()
        case .form:
            var end = 0
            for field in try MultipartForm(input, boundary: "b").fields {
                precondition(field.content.lowerBound >= end, "fields overlap")
                let hasBoundary = input[field.content].firstRange(of: Self.delimiter) != nil
                precondition(!hasBoundary, "a field has a boundary in it")
                precondition(!field.name.isEmpty)
                end = field.content.upperBound
            }
        }
    }

    /// What ends a field of a form.
    private static let delimiter = Array("\r\n--b".utf8)

    /// A conversation of each role, with an answer in parts.
    private static let conversation: [JSON] = [
        .object(["role": .string("system"), "content": .string("Be brief.")]),
        .object(["role": .string("user"), "content": .string(" What is this?\n")]),
        .object([
            "role": .string("assistant"),
            "content": .array([
                .object(["type": .string("text"), "text": .string("A café.")]),
                .object(["type": .string("image")]),
            ]),
        ]),
    ]

    private static func use(_ file: some MappedWeightSource) throws {
        for name in file.names {
            let bytes = try file.bytes(of: name)
            precondition(bytes.count == file.entry(name)?.byteCount)
            _ = bytes.reduce(0, &+)
        }
    }

    private static func use(_ tokenizer: Tokenizer) {
        for text in ["It's 1234 \u{1F600}\u{200D}e\u{301} 猫です\n\n  <eos>", "\u{0}\t  a b"] {
            let tokens = tokenizer.encode(text)
            _ = tokenizer.decode(tokenizer.postProcessed(tokens))
            _ = tokenizer.decode(tokenizer.encodeWithAddedTokens(text))
        }
    }
}

/// The folder of files that can only be read from a disk.
enum Scratch {
    private static let folder: URL = {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "jam-fuzz-\(ProcessInfo.processInfo.processIdentifier)")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }()

    /// The path of a file that now holds `input`; written in haste, for speed.
    static func written(_ input: [UInt8], _ name: String) throws -> String {
        let path = "\(folder.path)/\(name)"
        guard let file = fopen(path, "w") else { fatalError("no file to fuzz with: \(path)") }
        defer { fclose(file) }
        precondition(fwrite(input, 1, input.count, file) == input.count)
        return path
    }

    /// The same folder with a config and two shards of one weight each.
    static let shardedFolder: String = {
        let path = folder.path
        do {
            try AtomicFile.write("{}", to: "\(path)/config.json")
            let entries = ["a", "b"].map {
                WeightEntry(name: $0, elementType: .uint8, shape: [1])
            }
            let indexFile = folder.appending(path: CheckpointFolder.FileName.index)
            let index = try Data(contentsOf: indexFile)
            let layout = ShardLayout(entries, maxShardSize: 1)
            try ShardedWriter(in: path, layout: layout).write { _, bytes in
                for index in bytes.indices { bytes[index] = 1 }
            }
            // Writing shards has written an index too.
            try index.write(to: indexFile)
        } catch {
            fatalError("no folder to fuzz in: \(error)")
        }
        return path
    }()
}
