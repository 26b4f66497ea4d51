import ArgumentParser
import Basics
import Checkpoints
import Decoders
import ToolSupport

struct QuantizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantize",
        abstract: "Writes a model with its matrices in 8 or 4 bits.",
        discussion: """
            The folder is smaller, and answers are faster: weights are computed with as they are \
            stored. In int8 a row of a matrix has a scale; in int4 each 32 columns of a row have one, \
            and tables and heads stay in 8 bits. Norms and biases keep their type.

            The layout is that of compressed-tensors. transformers opens text models that it has the \
            architecture of, but not where one table in 8 bits is also the head \
            ("tie_word_embeddings"), as in most small LLMs: for those, --keep-tables.

            All other commands read the folder; training turns it into float32 first. What it costs, \
            jam evaluate says.

            EXAMPLES
              jam quantize models/jam-smollm2 --dtype int4 --output small
              jam evaluate small documents.jsonl
            """
    )

    @Argument(help: "A model folder, a GGUF file or a delta.")
    var model: String

    @Option(help: "int8 or int4.")
    var dtype: ModelQuantization.Format

    @Flag(help: "Leave embeddings and heads floats: larger, and slower answers.")
    var keepTables = false

    @Option(help: "The folder to write.")
    var output: String

    func run() throws {
        let quantization = try ModelQuantization(model, as: dtype, keepingTables: keepTables)
        let total = quantization.byteCount
        let bar = ProgressBar("quantizing", total: total, unit: "bytes")
        StopSignals.listen()
        try quantization.write(to: output) { count in
            if StopSignals.isStopWanted { throw Stopped() }
            bar.advance(to: count)
        }
        bar.finish(at: total)
        Console.report(
            "wrote \(output): \(quantization.parameterCount.grouped) parameters, "
                + "\(total.byteText) of weights; next: jam chat \(output)"
        )
    }
}

extension ModelQuantization.Format: ExpressibleByArgument {}
