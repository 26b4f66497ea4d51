internal import CTorch

/// The process-wide settings of the engine.
public enum Engine {
    /// Prepares the engine; call it once before the first tensor.
    ///
    /// - Parameter threads: how many threads one operation may use; `nil` takes every core. Results
    ///   are the same bit for bit only with the same number of threads.
    /// - Throws: ``TorchError`` if the engine refuses.
    public static func start(threads: Int? = nil) throws {
        guard ct_initialize(Int32(threads ?? 0)) == .OK else {
            throw TorchError.failed(String(cString: ct_last_error()))
        }
    }
}
