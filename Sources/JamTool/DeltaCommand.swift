import ArgumentParser
import Basics
import Checkpoints
import ToolSupport

struct DeltaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delta",
        abstract: "Writes a model as what it has that its bases do not.",
        discussion: """
            A delta is a folder that every command reads as a model, as long as it finds the bases: \
            GGUF files or folders, such as the LLM that a fusion kept frozen. All values are \
            compared: weights, rows of tables and heads, and the files of the tokenizer that are a \
            base's are left out. Bases are looked for in the folders of JAM_BASES, then in \
            ~/.cache/jam/bases, and their digests are checked. jam import makes the whole folder \
            again.
            """
    )

    @Argument(help: "The folder of the model.")
    var model: String

    @Option(help: "A base: a GGUF file or a folder. May be given several times.")
    var base: [String]

    @Option(help: "Where to get the base, for people; once for each base, in their order.")
    var source: [String] = []

    @Option(help: "The folder to write.")
    var output: String

    @Option(
        help: "What is stored as: same, float32, bfloat16, float16, or int8 with a scale per row."
    )
    var dtype: DeltaStorage = .same

    @Flag(
        help: """
            Also look for the bases where they are now, seen from the output folder; not for those in the \
            folders where bases are looked for anyway.
            """
    )
    var relative = false

    @Flag(help: "Compare, report, and write nothing.")
    var dryRun = false

    func validate() throws {
        guard !base.isEmpty else { throw ValidationError("at least one --base is needed") }
        guard source.isEmpty || source.count == base.count else {
            throw ValidationError(
                "--source is given \(source.count) times; once for each of \(base.count) bases is "
                    + "expected"
            )
        }
    }

    func run() throws {
        StopSignals.listen()
        if !dryRun { _ = try OutputFolder(at: output) }
        let total = try CheckpointFolder(model).byteCount
        let comparing = ProgressBar("comparing", total: total, unit: "bytes")
        let bases = try DeltaBases(
            base,
            sources: source,
            seenFrom: relative ? output : nil
        )
        let delta = try DeltaExport(model, bases: bases, storage: dtype) { count in
            if StopSignals.isStopWanted { throw Stopped() }
            comparing.advance(to: count)
        }
        comparing.finish(at: total)
        let shares = delta.shares
        Console.report(
            """
            from the base: \(shares.wholeCount) weights (\(shares.wholeByteCount.byteText)), rows of \
            \(shares.rowWeightCount) weights (\(shares.rowByteCount.byteText)), files \
            (\(shares.textByteCount.byteText)); stored: \(shares.storedByteCount.byteText) of weights
            """
        )
        guard !dryRun else { return }
        let checking = ProgressBar("checking", total: total, unit: "bytes")
        try delta.write(to: output) { count in
            if StopSignals.isStopWanted { throw Stopped() }
            checking.advance(to: count)
        }
        checking.finish(at: total)
        do {
            _ = try CheckpointFolder(output)
            Console.report("wrote \(output); next: jam inspect \(output)")
        } catch {
            Console.report("wrote \(output)")
            Console.report("warning: \(error)")
            if !relative {
                Console.report("a delta written with --relative finds its bases where they are")
            }
        }
    }
}

extension DeltaStorage: ExpressibleByArgument {}

extension CheckpointFolder {
    /// The bytes of all weights.
    fileprivate var byteCount: Int { names.reduce(0) { $0 + (entry($1)?.byteCount ?? 0) } }
}
