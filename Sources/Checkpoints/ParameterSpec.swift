/// One weight of a model as its declaration states it: enough to plan with, nothing allocated.
package struct ParameterSpec: Sendable, Equatable {
    /// What a weight is for, which decides how methods of fusion and optimizers treat it.
    package enum Role: Sendable, Equatable {
        /// A table of input embeddings [V, D]: one row a token.
        case table
        /// A table of learned positions [rows, D].
        case positions
        /// The output projection [V, D]: one row a token.
        case head
        /// The matrix of a linear layer [out, in].
        case matrix
        /// The bias of a linear layer [out].
        case bias
        /// The learned gain or shift of a norm [D].
        case gain
        /// The kernel of a convolution [out, in, height, width].
        case kernel
    }

    /// The name in the checkpoint, as `model.layers.0.self_attn.q_proj.weight`.
    package let name: String
    /// The shape in the checkpoint.
    package let shape: [Int]
    /// What the weight is for.
    package let role: Role

    /// States a weight.
    package init(name: String, shape: [Int], role: Role) {
        self.name = name
        self.shape = shape
        self.role = role
    }

    /// The number of elements, `Int.max` where it would not fit.
    package var count: Int { WeightEntry.elementCount(of: shape) ?? Int.max }
}
