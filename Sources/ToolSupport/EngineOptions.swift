package import ArgumentParser
import Tensors

/// The options of every command that computes.
package struct EngineOptions: ParsableArguments {
    @Option(help: "Threads of one operation; results repeat bit for bit only with the same number.")
    package var threads: Int?

    package init() {}

    /// Starts the engine with these options.
    package func start() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads is \(threads); 1 to 1024 is expected")
        }
        try Engine.start(threads: threads)
    }
}
