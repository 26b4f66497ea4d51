/// One weight of a model as its declaration states it; nothing is allocated.
package struct ParameterSpec: Sendable, Equatable {
    /// What a weight is for: methods of fusion and optimizers depend on it.
    package enum Role: Sendable, Equatable {
        /// Input embeddings [V, D].
        case table
        /// Learned position embeddings [rows, D].
        case positions
        /// The output projection [V, D].
        case head
        /// The matrix of a linear layer [out, in].
        case matrix
        /// The bias of a linear layer [out].
        case bias
        /// The weight (scale) or bias of a norm [D].
        case scale
        /// The kernel of a convolution [out, in, height, width].
        case kernel
    }

    package let name: String
    package let shape: [Int]
    package let role: Role
    /// The rows of each matrix, where several are stacked in this one; empty otherwise.
    package let sections: [Int]

    package init(name: String, shape: [Int], role: Role, sections: [Int] = []) {
        self.name = name
        self.shape = shape
        self.role = role
        self.sections = sections
    }

    /// The number of elements, `Int.max` where it would not fit.
    package var count: Int { WeightEntry.elementCount(of: shape) ?? Int.max }
}
