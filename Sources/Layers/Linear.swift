internal import Checkpoints
package import Tensors

/// x · Wᵀ, optionally + b.
package struct Linear {
    private let weight: Tensor  // [out, in]
    private let bias: Tensor?  // [out]
    private let sections: [Int]

    package init(
        _ input: Int,
        _ output: Int,
        bias hasBias: Bool = false,
        initially: Initialization = .normal(std: 0.02),
        _ scope: ParameterScope
    ) throws {
        try self.init(input, stacking: [output], bias: hasBias, initially: initially, scope)
    }

    /// Several matrices of these `sections` of outputs, one above the other in one weight.
    package init(
        _ input: Int,
        stacking sections: [Int],
        bias hasBias: Bool = false,
        initially: Initialization = .normal(std: 0.02),
        _ scope: ParameterScope
    ) throws {
        let output = sections.reduce(0, +)
        let stacked = sections.count > 1 ? sections : []
        self.sections = sections
        weight = try scope.parameter(
            "weight",
            [output, input],
            role: .matrix,
            sections: stacked,
            initially: initially
        )
        bias =
            hasBias
            ? try scope.parameter(
                "bias",
                [output],
                role: .bias,
                sections: stacked,
                initially: .constant(0)
            ) : nil
    }

    /// x [..., in] → [..., out].
    package func callAsFunction(_ x: Tensor) -> Tensor {
        x.linear(weight, bias: bias)
    }

    /// x [..., in] → [..., out] of each layer, in less time than one after the other.
    package static func together(_ layers: [Linear], _ x: Tensor) -> [Tensor] {
        x.linears(layers.map { ($0.weight, $0.bias) })
    }

    /// x [B, T, in] → the output [B, T, section] of each section.
    func split(_ x: Tensor) -> [Tensor] {
        let outputs = self(x)
        var start = 0
        return sections.map { width in
            defer { start += width }
            return outputs.narrowed(2, start..<start + width)
        }
    }
}

/// A table with one row per token.
package struct Embedding {
    /// The table [V, D].
    package let weight: Tensor

    package init(
        _ count: Int,
        _ width: Int,
        initially: Initialization = .normal(std: 0.02),
        _ scope: ParameterScope
    ) throws {
        let shape = [count, width]
        weight = try scope.parameter("weight", shape, role: .table, initially: initially)
    }

    /// tokens int64 [B, T] → [B, T, D].
    package func callAsFunction(_ tokens: Tensor) -> Tensor {
        tokens.embedded(by: weight)
    }
}
