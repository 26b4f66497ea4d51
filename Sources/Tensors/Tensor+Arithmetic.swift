internal import CTorch

extension Tensor {
    /// Adds elementwise, with broadcasting.
    package static func + (a: Tensor, b: Tensor) -> Tensor {
        make { torch.add(a.handle, b.handle, $0) }
    }

    /// Subtracts elementwise, with broadcasting.
    package static func - (a: Tensor, b: Tensor) -> Tensor {
        make { torch.subtract(a.handle, b.handle, $0) }
    }

    /// Multiplies elementwise, with broadcasting.
    package static func * (a: Tensor, b: Tensor) -> Tensor {
        make { torch.multiply(a.handle, b.handle, $0) }
    }

    /// Divides elementwise, with broadcasting.
    package static func / (a: Tensor, b: Tensor) -> Tensor {
        make { torch.divide(a.handle, b.handle, $0) }
    }

    /// Adds a number to each element.
    package static func + (a: Tensor, b: Double) -> Tensor {
        make { torch.add_scalar(a.handle, b, $0) }
    }

    /// Subtracts a number from each element.
    package static func - (a: Tensor, b: Double) -> Tensor { a + -b }

    /// Multiplies each element by a number.
    package static func * (a: Tensor, b: Double) -> Tensor {
        make { torch.multiply_scalar(a.handle, b, $0) }
    }

    /// Divides each element by a number.
    package static func / (a: Tensor, b: Double) -> Tensor { a * (1 / b) }

    /// Each element negated.
    package static prefix func - (a: Tensor) -> Tensor { a * -1 }

    /// Each element to the power of a number.
    package func power(_ exponent: Double) -> Tensor {
        Tensor.make { torch.power_scalar(handle, exponent, $0) }
    }

    /// The matrix product of the last two dimensions, batched over those before.
    package func matmul(_ other: Tensor) -> Tensor {
        Tensor.make { torch.matmul(handle, other.handle, $0) }
    }

    /// Each element without its sign.
    package func magnitude() -> Tensor { Tensor.make { torch.abs(handle, $0) } }
    /// e to the power of each element.
    package func exponential() -> Tensor { Tensor.make { torch.exp(handle, $0) } }
    /// max(x, 0).
    package func relu() -> Tensor { Tensor.make { torch.relu(handle, $0) } }
    /// x · sigmoid(x).
    package func silu() -> Tensor { Tensor.make { torch.silu(handle, $0) } }
    /// x · Φ(x), with the error function and not its approximation.
    package func gelu() -> Tensor { Tensor.make { torch.gelu(handle, $0) } }
    /// x where positive, slope · x elsewhere.
    package func leakyReLU(slope: Double) -> Tensor {
        Tensor.make { torch.leaky_relu(handle, slope, $0) }
    }
    /// Each element brought into a range.
    package func clamped(to range: ClosedRange<Double>) -> Tensor {
        Tensor.make { torch.clamp(handle, range.lowerBound, range.upperBound, $0) }
    }

    /// Where a < b, as booleans.
    package static func .< (a: Tensor, b: Double) -> Tensor {
        make { torch.less_scalar(a.handle, b, $0) }
    }
}

infix operator .< : ComparisonPrecedence
infix operator .== : ComparisonPrecedence
