package import Basics
internal import CTorch

/// A multidimensional array that supports gradients.
///
/// Tensors are references: views share memory, and ARC frees it after the last use. They are not
/// `Sendable`; a program does all its tensor work on one thread.
///
/// Operations do not throw. ``withTorchErrors(_:)`` throws the first failure inside it; a failure
/// outside any scope traps.
package final class Tensor {
    private let owned: CTTensor?

    /// The engine's tensor.
    var handle: CTTensor {
        guard let owned else { preconditionFailure("a declared weight has no elements") }
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

    /// A placeholder for a weight of a model that only declares its weights, without the engine.
    ///
    /// It has no shape and no elements; any use of it traps.
    package static func declared() -> Tensor { Tensor() }

    /// Runs a C operation that makes one tensor; reports a failure and returns a placeholder.
    static func make(_ operation: (UnsafeMutablePointer<CTTensor?>) -> CTStatus) -> Tensor {
        var result: CTTensor?
        let status = operation(&result)
        if status == .OK, let result { return Tensor(owning: result) }
        TorchErrorScope.report(status)
        return placeholder()
    }

    /// Runs a C operation that makes two tensors.
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

    static func placeholder() -> Tensor {
        var result: CTTensor?
        guard torch.empty(nil, 0, .float32, &result) == .OK, let result else {
            fatalError("not even an empty tensor can be made: \(lastEngineError())")
        }
        return Tensor(owning: result)
    }

    /// The number of tensors alive in the process, for tests that look for leaks.
    package static var liveCount: Int { Int(torch.live_tensors()) }
}

// MARK: - Shape and type

extension Tensor {
    package var rank: Int { Int(torch.rank(handle)) }

    package var shape: [Int] { (0..<rank).map { Int(torch.size(handle, Int64($0))) } }

    /// The length of one dimension; a negative index counts from the last.
    package func size(_ dimension: Int) -> Int {
        guard dimension < rank, dimension >= -rank else {
            // After a failure shapes are those of placeholders, and the result is never used.
            precondition(
                TorchErrorScope.hasFailed,
                "dimension \(dimension) of a tensor of rank \(rank)"
            )
            return 1
        }
        return Int(torch.size(handle, Int64(dimension)))
    }

    package var count: Int { shape.reduce(1, *) }

    package var elementType: ElementType { torch.element(handle).elementType }
}

/// The types of tensors, in the order of `CTElement`.
private let elementTypes: [ElementType] = [
    .bool, .uint8, .int8, .int32, .int64, .float16, .bfloat16, .float32, .float64,
]

extension ElementType {
    /// The engine's type; traps for types that only files have.
    var native: CTElement {
        guard let index = elementTypes.firstIndex(of: self),
            let element = CTElement(rawValue: Int32(index))
        else { preconditionFailure("no tensors of \(rawValue)") }
        return element
    }
}

extension CTElement {
    var elementType: ElementType { elementTypes[Int(rawValue)] }
}

extension [Int] {
    func withSizes<Result>(_ body: (UnsafePointer<Int64>?, Int) -> Result) -> Result {
        let sizes = map(Int64.init)
        return sizes.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
    }
}
