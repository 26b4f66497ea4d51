package import Basics
internal import CTorch

/// A failure inside the engine.
package enum TorchError: UserError, Equatable {
    /// The engine's library, or one that it needs, cannot be opened.
    case missing(String)
    /// The memory did not suffice.
    case outOfMemory(String)
    /// An operation was refused, by name and with the shapes.
    case failed(String)

    /// The failure that the engine has just reported on this thread.
    init(_ status: CTStatus) {
        let detail = lastEngineError()
        self = status == .outOfMemory ? .outOfMemory(detail) : .failed(detail)
    }

    package var kind: ErrorKind {
        if case .missing = self { .unavailable } else { .internalFailure }
    }

    /// What failed and, for memory, what to do.
    package var description: String {
        switch self {
        case .missing(let detail): "the engine cannot be opened: \(detail)"
        case .outOfMemory(let detail):
            "out of memory: \(detail.prefix(200)); use smaller batches or a smaller model"
        case .failed(let detail): "the engine failed: \(detail.prefix(400))"
        }
    }
}

/// Collects the first failure of the operations inside a scope.
final class TorchErrorScope: @unchecked Sendable {
    // Task-local values must be Sendable; a scope is only ever used by the thread that opened it.
    @TaskLocal static var current: TorchErrorScope?

    var first: TorchError?

    /// Whether an operation of the scope has failed already.
    static var hasFailed: Bool { current?.first != nil }

    static func report(_ status: CTStatus) {
        let error = TorchError(status)
        guard let scope = current else { fatalError(error.description) }
        // What follows a failure works on a placeholder and fails for that reason alone.
        if scope.first == nil { scope.first = error }
    }

    /// Lets numbers leave the engine only if nothing has failed: a placeholder has none.
    static func check(_ status: CTStatus) throws(TorchError) {
        if let first = current?.first { throw first }
        if status != .OK { throw TorchError(status) }
    }
}

/// Runs `body` and throws the first failure of a tensor operation inside it.
///
/// One scope a request, a training step, a fusion step or a test; arithmetic in between needs no
/// `try`. The closure is synchronous because the engine's modes belong to the thread.
package func withTorchErrors<Result>(_ body: () throws -> Result) throws -> Result {
    let scope = TorchErrorScope()
    let result = try TorchErrorScope.$current.withValue(scope, operation: body)
    if let error = scope.first { throw error }
    return result
}
