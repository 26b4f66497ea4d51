import ArgumentParser
import Basics
import Checkpoints
import Decoders
import Foundation
import Tensors
import ToolSupport
import Vocabulary

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Describes a checkpoint, or writes its logits for comparison.",
        subcommands: [Summary.self, Logits.self],
        defaultSubcommand: Summary.self
    )

    struct Summary: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows architecture, parameters, token space and origin of a checkpoint."
        )

        @Argument(help: "A Hugging Face folder or a GGUF file.")
        var model: String

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let summary = try CheckpointSummary(DecoderFolder(model))
            Console.print(json ? summary.json.text(.indented) : summary.description)
        }
    }

    struct Logits: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes the logits [T, V] of given tokens as one float32 tensor."
        )

        @Argument(help: "A Hugging Face folder or a GGUF file.")
        var model: String

        @Option(help: "Token ids, separated by commas.")
        var tokens: String

        @Option(help: "The safetensors file to write.")
        var output: String

        @OptionGroup var engine: EngineOptions

        func run() throws {
            try engine.start()
            let loaded = try ModelFolder(model)
            Console.warn(of: loaded.folder)
            let ids = try TokenList(
                parsing: tokens,
                option: "--tokens",
                below: loaded.config.vocabularySize
            ).ids
            try loaded.config.checkPositions(ids.count)
            let shape = [ids.count, loaded.config.vocabularySize]
            let entry = WeightEntry(name: "logits", elementType: .float32, shape: shape)
            var writer = try SafetensorsWriter(output, entries: [entry])
            let logits = try withTorchErrors {
                try withoutGradients {
                    try loaded.model.logits(TokenRows([ids])).bytes()
                }
            }
            try logits.withUnsafeBytes { try writer.write($0, to: "logits") }
            try writer.finish()
            Console.report("wrote logits \(shape) to \(output)")
        }
    }
}

/// Token ids or image codes that a user gave.
struct TokenList {
    let ids: [TokenID]

    /// Reads numbers separated by commas, each below `count`; `option` is what the user calls them.
    init(parsing text: String, option: String, below count: Int) throws {
        ids = try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            let word = part.trimmingCharacters(in: .whitespaces)
            guard let id = Int(word), (0..<count).contains(id) else {
                throw ValidationError(
                    "\(option) has \"\(word)\"; numbers from 0 to \(count - 1) are expected"
                )
            }
            return id
        }
    }
}
