package import Basics

/// Weights by name: what a model is loaded from and what fusion reads.
package protocol WeightSource: Sendable {
    /// The path of the weights, for messages.
    var path: String { get }
    var names: [String] { get }
    /// The type and shape of a weight, or `nil` if there is none of that name.
    func entry(_ name: String) -> WeightEntry?
    /// Calls `body` with the elements of a weight in row-major order, little-endian, at any
    /// alignment.
    func withBytes<Result>(
        of name: String,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result
    /// The integers of a matrix that is stored as such; `nil` if it has floats, or is of a kind that
    /// is only read as floats.
    func quantizedRows(of name: String) throws -> QuantizedRows?
}

/// A file of weights that can be read in parts.
protocol StoredWeightFile: WeightSource {
    /// Fills `buffer` with bytes of a weight, from `offset` on, without mapping them.
    func read(_ name: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws
    /// The type of a weight's numbers as they are stored, such as `BF16`, `Q4_K`, or `I4` for packed
    /// integers of 4 bits: not that of its entry where those are read as floats.
    func storedType(of name: String) -> String?
}

extension StoredWeightFile {
    func storedType(of name: String) -> String? { entry(name)?.elementType.rawValue }
}

/// Weights that lie in memory, or are mapped there, as long as the source lives.
package protocol MappedWeightSource: WeightSource {
    func bytes(of name: String) throws -> UnsafeRawBufferPointer
}

extension MappedWeightSource {
    package func withBytes<Result>(
        of name: String,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        try withExtendedLifetime(self) { try body(try bytes(of: name)) }
    }
}

extension WeightSource {
    /// The elements of a weight as 32-bit floats, in row-major order.
    ///
    /// A weight `X` of type I8 is read together with its `X_scale` (see ``Int8Rows``).
    package func floats(of name: String) throws -> [Float] {
        guard let entry = entry(name) else { throw WeightError.missing(name: name) }
        if let format = FloatFormat(entry.elementType) {
            return try withBytes(of: name) { format.floats(from: $0) }
        }
        guard entry.elementType == .int8 else {
            throw WeightError.notFloats(name: name, found: entry.elementType)
        }
        return try Int8Rows.dequantize(entry, from: self)
    }
}

/// Why a weight cannot be read from a well-formed source.
package enum WeightError: UserError, Equatable {
    case missing(name: String)
    case notFloats(name: String, found: ElementType)
    /// An 8-bit weight lacks its scales, or they have another type or shape.
    case scales(name: String, problem: String)
    /// A weight of packed integers lacks parts, or they do not fit.
    case packing(name: String, problem: String)
    /// A row to quantize has an infinity or NaN.
    case notFinite(row: Int)
    /// A value is too large for float16.
    case overflow(name: String, value: Float)

    package var kind: ErrorKind { .malformedInput }

    package var description: String {
        switch self {
        case .missing(let name): "there is no weight \"\(name)\""
        case .notFloats(let name, let found):
            "the weight \"\(name)\" has elements of type \(found.rawValue); "
                + "F32, BF16, F16, or I8 with scales, are expected"
        case .scales(let name, let problem): "the 8-bit weight \"\(name)\": \(problem)"
        case .packing(let name, let problem): "the packed weight \"\(name)\": \(problem)"
        case .notFinite(let row): "row \(row) has an infinity or NaN and cannot be quantized"
        case .overflow(let name, let value):
            "the weight \(name.quoted()) has the value \(value), which float16 cannot hold; take "
                + "bfloat16 or float32"
        }
    }
}
