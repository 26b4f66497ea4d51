package import Basics

/// Weights by name: what a model is loaded from and what fusion reads.
package protocol WeightSource: Sendable {
    /// Where the weights are, for messages.
    var path: String { get }
    /// The names of all weights.
    var names: [String] { get }
    /// The type and shape of a weight, or `nil` if there is none of that name.
    func entry(_ name: String) -> WeightEntry?
    /// The elements of a weight in row-major order, little-endian, at any alignment.
    ///
    /// The pointer is valid as long as the source lives. A name that is not there is an error.
    func bytes(of name: String) throws -> UnsafeRawBufferPointer
}

extension WeightSource {
    /// Calls `body` with the elements of a weight, and keeps the source alive meanwhile.
    package func withBytes<Result>(
        of name: String,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        try withExtendedLifetime(self) { try body(try bytes(of: name)) }
    }

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

/// Why a weight cannot be had from a source that is otherwise well-formed.
package enum WeightError: UserError, Equatable {
    /// The source has no weight of this name.
    case missing(name: String)
    /// The elements are not floating-point numbers.
    case notFloats(name: String, found: ElementType)
    /// An 8-bit weight lacks its scales, or they do not fit it.
    case scales(name: String, problem: String)
    /// A weight has infinities or is no number somewhere, so that it has no scale.
    case notFinite(row: Int)

    package var kind: ErrorKind { .malformedInput }

    /// What was found and what was expected.
    package var description: String {
        switch self {
        case .missing(let name): "there is no weight \"\(name)\""
        case .notFloats(let name, let found):
            "the weight \"\(name)\" has elements of type \(found.rawValue); "
                + "F32, BF16, F16, or I8 with scales, are expected"
        case .scales(let name, let problem): "the 8-bit weight \"\(name)\": \(problem)"
        case .notFinite(let row): "row \(row) holds an infinity or no number: it has no 8-bit form"
        }
    }
}
