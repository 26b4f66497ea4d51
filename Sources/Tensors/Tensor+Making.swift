package import Basics
internal import CTorch

extension Tensor {
    package static func full(
        _ shape: [Int],
        _ value: Double,
        _ type: ElementType = .float32
    ) -> Tensor {
        make { out in shape.withSizes { torch.full($0, $1, value, type.native, out) } }
    }

    package static func zeros(_ shape: [Int], _ type: ElementType = .float32) -> Tensor {
        full(shape, 0, type)
    }

    /// The integers of a range, as int64 [count].
    package static func range(_ range: Range<Int>) -> Tensor {
        make { torch.arange(Int64(range.lowerBound), Int64(range.upperBound), $0) }
    }

    /// The elements in row-major order.
    package convenience init(_ elements: [Float], _ shape: [Int]) {
        self.init(copying: elements, shape, .float32)
    }

    /// The elements in row-major order, as int64.
    package convenience init(_ elements: [Int], _ shape: [Int]) {
        self.init(copying: elements, shape, .int64)
    }

    /// The elements in row-major order, as booleans.
    package convenience init(_ elements: [Bool], _ shape: [Int]) {
        self.init(copying: elements, shape, .bool)
    }

    /// Copies elements in row-major order.
    package convenience init(bytes: UnsafeRawBufferPointer, _ shape: [Int], _ type: ElementType) {
        self.init(sharing: .copy(of: bytes, shape, type))
    }

    private static func copy(
        of bytes: UnsafeRawBufferPointer,
        _ shape: [Int],
        _ type: ElementType
    ) -> Tensor {
        make { out in
            shape.withSizes {
                torch.from_bytes(bytes.baseAddress, bytes.count, $0, $1, type.native, out)
            }
        }
    }

    private convenience init<Element>(
        copying elements: [Element],
        _ shape: [Int],
        _ type: ElementType
    ) {
        precondition(
            elements.count == shape.reduce(1, *),
            "\(elements.count) elements do not fill \(shape)"
        )
        self.init(sharing: elements.withUnsafeBytes { .copy(of: $0, shape, type) })
    }

    /// A second reference to the same memory.
    private convenience init(sharing other: Tensor) {
        var result: CTTensor?
        guard torch.detach(other.handle, &result) == .OK, let result else {
            preconditionFailure(lastEngineError())
        }
        self.init(owning: result)
    }

    /// The elements in row-major order, converted to float32.
    ///
    /// - Throws: the first failure of the scope, if anything has failed.
    package func floats() throws(TorchError) -> [Float] {
        try copied(.float32, 0)
    }

    /// The elements in row-major order, converted to int64; throws like ``floats()``.
    package func integers() throws(TorchError) -> [Int] {
        try copied(.int64, 0)
    }

    /// The bytes of the elements in row-major order; throws like ``floats()``.
    package func bytes() throws(TorchError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count * elementType.byteCount)
        let status = bytes.withUnsafeMutableBytes {
            torch.copy_bytes(handle, $0.baseAddress, $0.count)
        }
        try TorchErrorScope.check(status)
        return bytes
    }

    /// The only element; throws like ``floats()``.
    package func item() throws(TorchError) -> Double {
        var value = 0.0
        let status = torch.item(handle, &value)
        try TorchErrorScope.check(status)
        return value
    }

    private func copied<Element>(_ type: ElementType, _ zero: Element)
        throws(TorchError) -> [Element]
    {
        let source = to(type)
        var elements = [Element](repeating: zero, count: source.count)
        let status = elements.withUnsafeMutableBytes {
            torch.copy_bytes(source.handle, $0.baseAddress, $0.count)
        }
        try TorchErrorScope.check(status)
        return elements
    }

    package func to(_ type: ElementType) -> Tensor {
        Tensor.make { torch.to_element(handle, type.native, $0) }
    }

    /// Overwrites the elements with those of `source`, which is broadcast, without gradient.
    package func copy(from source: Tensor) {
        TorchErrorScope.require(torch.copy_into(handle, source.handle))
    }
}
