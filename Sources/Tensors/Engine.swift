internal import CTorch

/// The engine's functions; their first use opens its library, and nothing ever changes them.
nonisolated(unsafe) let torch: CTFunctions = {
    switch engine {
    case .success(let functions): functions
    case .failure(let error): fatalError(error.description)
    }
}()

private nonisolated(unsafe) let engine: Result<CTFunctions, TorchError> = {
    var reason: UnsafePointer<CChar>?
    guard let functions = ct_open(&reason) else {
        return .failure(.missing(reason.map { String(cString: $0) } ?? "no reason is given"))
    }
    return .success(functions.pointee)
}()

/// What went wrong last on this thread, beginning with the operation's name.
func lastEngineError() -> String { torch.last_error().map { String(cString: $0) } ?? "" }

/// The process-wide settings of the engine.
package enum Engine {
    /// Opens and prepares the engine; call it once before the first tensor, and before other threads
    /// read the environment, in which it may set `OMP_WAIT_POLICY`.
    ///
    /// - Parameter threads: how many threads one operation may use; `nil` takes every core. Results
    ///   are the same bit for bit only with the same number of threads.
    /// - Throws: ``TorchError`` if the engine is not there or refuses.
    package static func start(threads: Int? = nil) throws {
        _ = try engine.get()
        guard torch.initialize(Int32(threads ?? 0)) == .OK else {
            throw TorchError.failed(lastEngineError())
        }
    }
}
