internal import CTorch

// All operations are elementwise with broadcasting, except `matmul`.

extension Tensor {
    package static func + (a: Tensor, b: Tensor) -> Tensor {
        make { torch.add(a.handle, b.handle, $0) }
    }

    package static func - (a: Tensor, b: Tensor) -> Tensor {
        make { torch.subtract(a.handle, b.handle, $0) }
    }

    package static func * (a: Tensor, b: Tensor) -> Tensor {
        make { torch.multiply(a.handle, b.handle, $0) }
    }

    package static func / (a: Tensor, b: Tensor) -> Tensor {
        make { torch.divide(a.handle, b.handle, $0) }
    }

    package static func + (a: Tensor, b: Double) -> Tensor {
        make { torch.add_scalar(a.handle, b, $0) }
    }

    package static func - (a: Tensor, b: Double) -> Tensor { a + -b }

    package static func * (a: Tensor, b: Double) -> Tensor {
        make { torch.multiply_scalar(a.handle, b, $0) }
    }

    package static func / (a: Tensor, b: Double) -> Tensor { a * (1 / b) }

    package static prefix func - (a: Tensor) -> Tensor { a * -1 }

    package func power(_ exponent: Double) -> Tensor {
        Tensor.make { torch.power_scalar(handle, exponent, $0) }
    }

    /// The matrix product over the last two dimensions; the others are batch dimensions.
    package func matmul(_ other: Tensor) -> Tensor {
        Tensor.make { torch.matmul(handle, other.handle, $0) }
    }

    package func magnitude() -> Tensor { Tensor.make { torch.abs(handle, $0) } }
    package func exponential() -> Tensor { Tensor.make { torch.exp(handle, $0) } }
    package func tanh() -> Tensor { Tensor.make { torch.tanh(handle, $0) } }
    package func relu() -> Tensor { Tensor.make { torch.relu(handle, $0) } }
    package func silu() -> Tensor { Tensor.make { torch.silu(handle, $0) } }
    /// x · Φ(x), exact (not the tanh approximation).
    package func gelu() -> Tensor { Tensor.make { torch.gelu(handle, $0) } }

    /// GELU's approximation x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))) (Hendrycks and Gimpel, 2016).
    package func geluTanh() -> Tensor { Tensor.make { torch.gelu_tanh(handle, $0) } }
    package func leakyReLU(slope: Double) -> Tensor {
        Tensor.make { torch.leaky_relu(handle, slope, $0) }
    }
    package func clamped(to range: ClosedRange<Double>) -> Tensor {
        Tensor.make { torch.clamp(handle, range.lowerBound, range.upperBound, $0) }
    }

    /// Booleans, true where a < b.
    package static func .< (a: Tensor, b: Double) -> Tensor {
        make { torch.less_scalar(a.handle, b, $0) }
    }
}

infix operator .< : ComparisonPrecedence
