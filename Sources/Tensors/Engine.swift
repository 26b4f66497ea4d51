internal import CTorch

/// The engine's functions; the first use opens its library, and nothing changes them afterwards.
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
    /// Whether the processor has instructions for products of bfloat16 numbers, without which mixed
    /// precision is much slower than float32.
    package static var multipliesBFloat16: Bool { torch.multiplies_bfloat16() }

    /// Opens the engine, and sets the number of threads for operations of the calling thread.
    ///
    /// Call it before the first tensor and before other threads read the environment, in which it may
    /// set `OMP_WAIT_POLICY` and `GOMP_SPINCOUNT`; call it again on every further thread that computes.
    ///
    /// - Parameter threads: threads of one operation, 1 to 1024; `nil` leaves the number as it is, at
    ///   first one per core. Results are bit for bit the same only with the same number of threads.
    /// - Throws: ``TorchError`` if the engine cannot be opened, or the number is out of range.
    package static func start(threads: Int? = nil) throws {
        if let threads, !(1...1024).contains(threads) { throw TorchError.threads(threads) }
        _ = try engine.get()
        guard torch.initialize(Int32(threads ?? 0)) == .OK else {
            throw TorchError.failed(lastEngineError())
        }
    }
}
