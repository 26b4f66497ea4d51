package import Basics
internal import CTorch

/// A failure inside the engine.
package enum TorchError: UserError, Equatable {
    /// The engine's library, or one that it depends on, cannot be opened.
    case missing(String)
    case outOfMemory(String)
    /// The number of threads is out of range.
    case threads(Int)
    /// An operation failed; the text names it and the shapes.
    case failed(String)

    init(_ status: CTStatus) {
        let detail = lastEngineError()
        self = status == .outOfMemory ? .outOfMemory(detail) : .failed(detail)
    }

    package var kind: ErrorKind {
        switch self {
        case .missing: .unavailable
        case .threads: .invalidSetting
        case .outOfMemory, .failed: .internalFailure
        }
    }

    package var description: String {
        switch self {
        case .missing(let detail): "the engine cannot be opened: \(detail)"
        case .outOfMemory(let detail):
            "out of memory: \(detail.prefix(200)); use smaller batches or a smaller model"
        case .threads(let count): "\(count) threads: 1 to 1024 are expected"
        case .failed(let detail): "the engine failed: \(detail.prefix(400))"
        }
    }
}

/// Records the first failure of the operations inside a scope.
final class TorchErrorScope: @unchecked Sendable {
    // Task-local values must be Sendable; only the thread that opened a scope uses it.
    @TaskLocal static var current: TorchErrorScope?

    var first: TorchError?

    static var hasFailed: Bool { current?.first != nil }

    /// Reports the status of an operation without a result, unless it succeeded.
    static func require(_ status: CTStatus) {
        if status != .OK { report(status) }
    }

    static func report(_ status: CTStatus) {
        let error = TorchError(status)
        guard let scope = current else { fatalError(error.description) }
        // Later failures follow from the placeholder that the first one returned.
        if scope.first == nil { scope.first = error }
    }

    /// Throws the first failure of the scope, if any: a placeholder has no elements to read.
    static func check(_ status: CTStatus) throws(TorchError) {
        if let first = current?.first { throw first }
        if status != .OK { throw TorchError(status) }
    }
}

/// Runs `body` and throws the first failure of a tensor operation inside it.
///
/// Use one scope per request, training step or test; arithmetic inside needs no `try`. The closure is
/// synchronous because the engine's modes belong to the thread.
package func withTorchErrors<Result>(_ body: () throws -> Result) throws -> Result {
    let scope = TorchErrorScope()
    let result = try TorchErrorScope.$current.withValue(scope, operation: body)
    if let error = scope.first { throw error }
    return result
}
