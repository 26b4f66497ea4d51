internal import Basics
internal import Tensors

extension ImageTokenizerTrainer {
    /// What must be saved to go on later.
    public var state: ImageTokenizerTrainerState {
        ImageTokenizerTrainerState(tensors: stateTensors, step: stepsDone)
    }

    /// Goes on where a state was taken, of a training with the same config and options.
    ///
    /// - Throws: ``VisionError/state(problem:)`` for a tensor that is missing, left over, or of
    ///   another shape; then nothing has changed.
    public func restore(_ state: ImageTokenizerTrainerState) throws {
        guard state.step >= 0 else {
            throw VisionError.state(problem: "\(state.step) steps cannot have been done")
        }
        var saved: [String: Tensor] = [:]
        for entry in state.tensors {
            guard saved.updateValue(entry.tensor, forKey: entry.name) == nil else {
                throw VisionError.state(problem: "\"\(entry.name)\" is there twice")
            }
        }
        let own = stateTensors
        let pairs = try own.map { entry in
            guard let source = saved.removeValue(forKey: entry.name) else {
                throw VisionError.state(problem: "\"\(entry.name)\" is missing")
            }
            guard source.shape == entry.tensor.shape, source.elementType == .float32 else {
                throw VisionError.state(
                    problem: "\"\(entry.name)\" is \(source.elementType.rawValue) \(source.shape), "
                        + "not F32 \(entry.tensor.shape)"
                )
            }
            return (entry.tensor, source)
        }
        if let leftOver = saved.keys.sorted().first {
            throw VisionError.state(problem: "\"\(leftOver)\" is left over")
        }
        try withTorchErrors {
            for (target, source) in pairs { target.copy(from: source) }
        }
        stepsDone = state.step
    }
}
