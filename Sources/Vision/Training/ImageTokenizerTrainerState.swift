public import Tensors

/// A tensor and the name that it is saved under.
public struct NamedTensor {
    /// A path, as `first_moments.decoder.norm.weight`.
    public let name: String
    /// The numbers.
    public let tensor: Tensor

    /// Names a tensor.
    public init(_ name: String, _ tensor: Tensor) {
        self.name = name
        self.tensor = tensor
    }
}

/// All that a training has learned: with it and the same pictures, training goes on bit for bit.
public struct ImageTokenizerTrainerState {
    /// Weights, moments and running means; references, which the next step overwrites.
    public let tensors: [NamedTensor]
    /// The number of steps that are done; all randomness follows from it and the seed.
    public let step: Int

    /// Puts together what was saved.
    public init(tensors: [NamedTensor], step: Int) {
        self.tensors = tensors
        self.step = step
    }
}
