import Foundation
import Synchronization

/// Ctrl-C while something runs: it stops that, and not the program.
enum Interruption {
    private static let isWanted = Atomic(false)

    /// Runs `body` in a task that SIGINT cancels; elsewhere the signal ends the program as before.
    ///
    /// - Returns: what it gives, or `nil` if it was stopped.
    static func cancelling<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result? {
        isWanted.store(false, ordering: .relaxed)
        let before = signal(SIGINT) { _ in Interruption.isWanted.store(true, ordering: .relaxed) }
        defer { signal(SIGINT, before) }
        let task = Task { try await body() }
        let watch = Task {
            while !isWanted.load(ordering: .relaxed) {
                try await Task.sleep(for: .milliseconds(20))
            }
            task.cancel()
        }
        defer { watch.cancel() }
        do {
            return try await task.value
        } catch  where isWanted.load(ordering: .relaxed) {
            return nil
        }
    }
}
