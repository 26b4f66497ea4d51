internal import Checkpoints
import Layers
internal import Tensors

extension [Parameter] {
    /// Refuses weights of a model from `folder` that are not finite: every loss would be NaN, and
    /// the learning rate would be blamed.
    ///
    /// - Throws: ``TrainingError/notFinite(name:folder:)`` with the first such weight.
    package func requireFinite(in folder: String) throws {
        for parameter in self {
            // Zero times a number is zero unless the number is infinite or NaN.
            let sum = try withTorchErrors {
                try withoutGradients { try (parameter.tensor * 0.0).sum().floats() }
            }
            guard sum.allSatisfy({ $0 == 0 }) else {
                throw TrainingError.notFinite(name: parameter.spec.name, folder: folder)
            }
        }
    }
}
