public import ArgumentParser
import Basics
public import Jam
import ToolSupport

struct FuseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuse",
        abstract: "Fuses a text parent and an image parent into one model.",
        subcommands: [Uniform.self, Width.self, Cross.self]
    )

    /// What all methods share.
    struct Shared: ParsableArguments {
        @Option(help: "The text parent: a Hugging Face folder or a GGUF file.")
        var text: String

        @Option(help: "The image parent: a Hugging Face folder or a GGUF file.")
        var image: String

        @Option(help: "The folder to write.")
        var output: String

        @Option(help: "float32, bfloat16 or float16; the parents' own by default.")
        var dtype: String?

        @Option(help: "The maximum size of a weight file.")
        var maxShardSize = "5GB"

        @Option(help: "The seed for weights that neither parent has.")
        var seed: UInt64 = 0

        @Option(
            help:
                "same: the parents share a tokenizer; union: also add the image parent's own tokens."
        )
        var vocabulary: Fusion.Vocabulary = .same

        @Flag(help: "Print the plan and write nothing.")
        var dryRun = false

        @Flag(help: "Print JSON.")
        var json = false

        @Flag(help: "Read the result back and compare it; record digests of the parents, too.")
        var verify = false

        @Flag(help: "Refuse parents with NaN or infinity instead of naming them.")
        var strict = false

        /// Plans, prints, and unless it is a dry run writes.
        func fuse(_ method: Fusion.Method) async throws {
            let fusion = try Fusion(
                method,
                text: text,
                image: image,
                vocabulary: vocabulary,
                dtype: try dtype.map(Fusion.DataType.init(parsing:)),
                maxShardSize: try ByteCount(parsing: maxShardSize).bytes,
                seed: seed,
                refusingNonFinite: strict
            )
            let plan = fusion.plan
            if json || dryRun { Console.print(json ? plan.json : "\(plan)") }
            guard !dryRun else { return }
            if !json { Console.report("\(plan)") }
            let total = plan.byteCount * (verify ? 2 : 1)
            let bar = ProgressBar("fusing", total: total, unit: "bytes")
            StopSignals.listen()
            var warnings: [String] = []
            for try await progress in fusion.run(to: output, verifying: verify) {
                // The loop then ends with an error, when nothing is left behind.
                if StopSignals.isStopWanted { withUnsafeCurrentTask { $0?.cancel() } }
                bar.advance(to: progress.byteCount)
                warnings = progress.warnings
            }
            bar.finish(at: total)
            for warning in warnings { Console.report("warning: \(warning)") }
            Console.report(
                "wrote \(output): \(plan.parameterCount.grouped) parameters; "
                    + "next: jam inspect \(output)"
            )
        }
    }

    struct Uniform: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Averages two parents of one shape (JAM-Uniform).",
            discussion: "The paper's share is one half; other shares are ours."
        )

        @OptionGroup var shared: Shared

        @Option(help: "The text parent's share, from 0 to 1.")
        var weight = 0.5

        func validate() throws {
            guard (0...1).contains(weight) else {
                throw ValidationError("--weight is \(weight); a number from 0 to 1 is expected")
            }
        }

        func run() async throws { try await shared.fuse(.uniform(textShare: weight)) }
    }

    struct Width: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Concatenates two parents of one shape (JAM-Width).",
            discussion: """
                The paper compares copying and averaging; which parent's matrix is copied to which \
                place it does not say, and [[T, T], [I, I]] is our reading. Its parents have norms \
                without weights: what happens to weights of norms, zero and half norms are ours.
                """
        )

        @OptionGroup var shared: Shared

        @Option(help: "What joins the halves: copy, average or zero.")
        var offDiagonal: Fusion.OffDiagonal = .copy

        @Option(help: "Norms over the whole width, or over each half.")
        var norm: Fusion.Norm = .whole

        func run() async throws {
            try await shared.fuse(.width(offDiagonal: offDiagonal, norm: norm))
        }
    }
}

extension Fusion.OffDiagonal: ExpressibleByArgument {}
extension Fusion.Norm: ExpressibleByArgument {}
extension Fusion.Vocabulary: ExpressibleByArgument {}

/// A number of bytes as users write it.
struct ByteCount {
    let bytes: Int

    /// Reads `5GB`, `200MB`, `64KB` or a plain number.
    init(parsing text: String) throws {
        let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000), ("", 1)]
        for (suffix, factor) in units where text.uppercased().hasSuffix(suffix) {
            guard let number = Int(text.dropLast(suffix.count)), number > 0 else { break }
            let (bytes, overflows) = number.multipliedReportingOverflow(by: factor)
            guard !overflows else { break }
            self.bytes = bytes
            return
        }
        throw ValidationError("--max-shard-size is \"\(text)\"; a size such as 5GB is expected")
    }
}
