import ToolSupport

extension StopSignals {
    /// Runs `body` in a task that the first signal cancels.
    static func cancelling(_ body: @escaping @Sendable () async throws -> Void) async throws {
        listen()
        let task = Task { try await body() }
        let watch = Task {
            while !isStopWanted { try await Task.sleep(for: .milliseconds(20)) }
            task.cancel()
        }
        defer { watch.cancel() }
        try await task.value
    }
}
