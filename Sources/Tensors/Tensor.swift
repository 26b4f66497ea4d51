package import Basics
internal import CTorch

/// A multidimensional array of numbers, which can take part in a gradient.
///
/// Tensors are references: views share memory, ARC gives memory back at the last use. They are not
/// `Sendable`; a program keeps all work with tensors on one thread.
///
/// Operations do not throw. A failure inside ``withTorchErrors(_:)`` is thrown by that scope;
/// outside any scope it is the programmer's mistake and traps.
package final class Tensor {
    private let owned: CTTensor?

    /// The engine's tensor.
    var handle: CTTensor {
        guard let owned else { preconditionFailure("a declared weight has no numbers") }
        return owned
    }

    init(owning handle: CTTensor) {
        owned = handle
    }

    private init() {
        owned = nil
    }

    deinit {
        if let owned { torch.release(owned) }
    }

    /// What stands for a weight in a model that only says which weights it has.
    ///
    /// It has no shape and no numbers, and needs no engine. Any use of it traps.
    package static func declared() -> Tensor { Tensor() }

    /// Runs a C operation that yields one tensor; on failure reports it and yields a placeholder.
    static func make(_ operation: (UnsafeMutablePointer<CTTensor?>) -> CTStatus) -> Tensor {
        var result: CTTensor?
        let status = operation(&result)
        if status == .OK, let result { return Tensor(owning: result) }
        TorchErrorScope.report(status)
        return placeholder()
    }

    /// Runs a C operation that yields two tensors.
    static func makePair(
        _ operation: (UnsafeMutablePointer<CTTensor?>, UnsafeMutablePointer<CTTensor?>) -> CTStatus
    ) -> (Tensor, Tensor) {
        var first: CTTensor?
        var second: CTTensor?
        let status = operation(&first, &second)
        if status == .OK, let first, let second {
            return (Tensor(owning: first), Tensor(owning: second))
        }
        TorchErrorScope.report(status)
        return (placeholder(), placeholder())
    }

    private static func placeholder() -> Tensor {
        var result: CTTensor?
        guard torch.empty(nil, 0, .float32, &result) == .OK, let result else {
            fatalError("not even an empty tensor can be made: \(lastEngineError())")
        }
        return Tensor(owning: result)
    }

    /// The number of tensors alive in the process: a test compares it to find leaks.
    package static var liveCount: Int { Int(torch.live_tensors()) }
}

// MARK: - Shape and type

extension Tensor {
    /// The number of dimensions.
    package var rank: Int { Int(torch.rank(handle)) }

    /// The length of each dimension.
    package var shape: [Int] { (0..<rank).map { Int(torch.size(handle, Int64($0))) } }

    /// The length of one dimension; negative counts from the last.
    package func size(_ dimension: Int) -> Int {
        guard dimension < rank, dimension >= -rank else {
            // After a failure the shapes are those of placeholders, and nobody reads the result.
            precondition(
                TorchErrorScope.hasFailed,
                "dimension \(dimension) of a tensor of rank \(rank)"
            )
            return 1
        }
        return Int(torch.size(handle, Int64(dimension)))
    }

    /// The number of elements.
    package var count: Int { shape.reduce(1, *) }

    /// The type of the elements.
    package var elementType: ElementType { torch.element(handle).elementType }
}

extension ElementType {
    /// The engine's name of the type; the types that only files have are refused.
    var native: CTElement {
        switch self {
        case .bool: .bool
        case .uint8: .uInt8
        case .int8: .int8
        case .int32: .int32
        case .int64: .int64
        case .float16: .float16
        case .bfloat16: .bFloat16
        case .float32: .float32
        case .float64: .float64
        case .int16, .uint16, .uint32, .uint64, .float8E5M2, .float8E4M3:
            preconditionFailure("no tensors of \(rawValue)")
        }
    }
}

extension CTElement {
    var elementType: ElementType {
        switch self {
        case .bool: .bool
        case .uInt8: .uint8
        case .int8: .int8
        case .int32: .int32
        case .int64: .int64
        case .float16: .float16
        case .bFloat16: .bfloat16
        case .float32: .float32
        case .float64: .float64
        }
    }
}

extension [Int] {
    /// Lends the elements as the engine's sizes.
    func withSizes<Result>(_ body: (UnsafePointer<Int64>?, Int) -> Result) -> Result {
        let sizes = map(Int64.init)
        return sizes.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
    }
}
