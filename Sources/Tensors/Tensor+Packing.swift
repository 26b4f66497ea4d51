package import Basics
internal import CTorch

// N rows of weights, K columns.

extension Tensor {
    /// Whether a matrix [N, K] of floats can be packed.
    package static func canPack(_ shape: [Int]) -> Bool {
        shape.count == 2 && shape[1] > 0 && shape[1] % 2 == 0
    }

    /// A matrix [N, K] of floats in the form that products with few rows read fastest.
    ///
    /// It takes as much memory as `bytes`. It can be the weight of ``linear(_:bias:)`` and
    /// ``embedded(by:)``, be narrowed by rows, and be read; anything else is an error of the engine.
    /// Its elements count as float32, and a row of a product is the same whatever else is computed
    /// with it.
    package static func packed(
        _ bytes: UnsafeRawBufferPointer,
        _ shape: [Int],
        _ type: ElementType
    ) -> Tensor {
        precondition(bytes.count == shape[0] * shape[1] * type.byteCount)
        let packing: CTPacking =
            switch type {
            case .float32: .float32
            case .bfloat16: .bFloat16
            case .float16: .float16
            default: preconditionFailure("\(type.rawValue) is not a type of floats")
            }
        return packed(bytes, shape, packing, groupSize: shape[1], scales: nil, minima: nil)
    }

    /// The same for 8-bit integers [N, K], with a scale for each row and group of columns:
    /// element = integer × scale, or where there are minima integer × scale + minimum.
    package static func packed(
        _ integers: [Int8],
        _ shape: [Int],
        groupSize: Int,
        scales: [Float],
        minima: [Float]?
    ) -> Tensor {
        precondition(integers.count == shape[0] * shape[1])
        return integers.withUnsafeBytes {
            packed($0, shape, .int8, groupSize: groupSize, scales: scales, minima: minima)
        }
    }

    /// The same for integers from 0 to 15: element = (integer − 8) × scale, or where there are minima
    /// integer × scale + minimum.
    package static func packed(
        nibbles: [UInt8],
        _ shape: [Int],
        groupSize: Int,
        scales: [Float],
        minima: [Float]?
    ) -> Tensor {
        precondition(nibbles.count == shape[0] * shape[1])
        return nibbles.withUnsafeBytes {
            packed($0, shape, .int4, groupSize: groupSize, scales: scales, minima: minima)
        }
    }

    private static func packed(
        _ bytes: UnsafeRawBufferPointer,
        _ shape: [Int],
        _ packing: CTPacking,
        groupSize: Int,
        scales: [Float]?,
        minima: [Float]?
    ) -> Tensor {
        let groups = shape[0] * (shape[1] / groupSize)
        precondition(scales?.count ?? groups == groups && minima?.count ?? groups == groups)
        return make { out in
            scales.withOptionalBuffer { scales in
                minima.withOptionalBuffer { minima in
                    torch.pack(
                        bytes.baseAddress,
                        Int64(shape[0]),
                        Int64(shape[1]),
                        packing,
                        Int64(groupSize),
                        scales,
                        minima,
                        out
                    )
                }
            }
        }
    }
}

extension [Float]? {
    fileprivate func withOptionalBuffer<Result>(_ body: (UnsafePointer<Float>?) -> Result) -> Result
    {
        guard let self else { return body(nil) }
        return self.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}
