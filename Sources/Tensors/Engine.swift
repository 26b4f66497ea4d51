internal import CTorch

/// The engine's functions. The first use opens its library; nothing changes them afterwards.
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

/// The last error of this thread, starting with the operation's name.
func lastEngineError() -> String { torch.last_error().map { String(cString: $0) } ?? "" }

/// The process-wide settings of the engine.
package enum Engine {
    /// Opens the engine. Call it before the first tensor and before other threads read the
    /// environment, in which it may set `OMP_WAIT_POLICY`.
    ///
    /// The number of threads belongs to the calling thread: call it again on another one that computes.
    ///
    /// - Parameter threads: threads of one operation; `nil` means one per core. Results are bit for bit
    ///   the same only with the same number of threads.
    package static func start(threads: Int? = nil) throws {
        _ = try engine.get()
        guard torch.initialize(Int32(threads ?? 0)) == .OK else {
            throw TorchError.failed(lastEngineError())
        }
    }
}
