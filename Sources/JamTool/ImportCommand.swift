import ArgumentParser
import Basics
import Checkpoints
import Decoders
import Jam
import ToolSupport

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Writes a GGUF file or a delta as a whole Hugging Face folder.",
        discussion: """
            Weights, config, tokenizer, chat template and generation settings become files that \
            transformers loads. All commands read a GGUF file or a delta as it is, too; a folder is \
            read faster, and its files can be changed.
            """
    )

    @Argument(help: "A GGUF file, or the folder of a delta.")
    var file: String

    @Option(help: "The folder to write.")
    var output: String

    @Option(
        help: "float32, which loses nothing, bfloat16 or float16; a delta's own types by default."
    )
    var dtype: String?

    @Option(help: "The maximum size of a weight file.")
    var maxShardSize = "5GB"

    func run() throws {
        let format = try dtype.map { FloatFormat(try Fusion.DataType(parsing: $0)) }
        let source = try FolderImport(
            file,
            as: format,
            maxShardSize: try ByteCount(parsing: maxShardSize).bytes
        )
        let summary = try CheckpointSummary(DecoderFolder(source.folder))
        let bar = ProgressBar("importing", total: source.byteCount, unit: "bytes")
        StopSignals.listen()
        try source.write(to: output) { count in
            if StopSignals.isStopWanted { throw Stopped() }
            bar.advance(to: count)
        }
        bar.finish(at: source.byteCount)
        Console.report(
            "wrote \(output): \(summary.parameterCount.grouped) parameters"
                + (source.format.map { " in \($0.rawValue)" } ?? "")
                + "; next: jam inspect \(output)"
        )
    }
}

/// The user has asked to stop; nothing is left behind.
struct Stopped: UserError {
    var kind: ErrorKind { .interrupted }
    var description: String { "stopped; nothing was written" }
}

extension FloatFormat {
    fileprivate init(_ type: Fusion.DataType) {
        switch type {
        case .float32: self = .float32
        case .bfloat16: self = .bfloat16
        case .float16: self = .float16
        }
    }
}
