import Basics

/// A value of a GGUF file's metadata; all integers are one case, and so are all floats.
enum GGUFValue: Sendable, Equatable {
    case integer(Int)
    /// A float; of 32 bits, the shortest decimal that is that float, as 1e-05.
    case number(Double)
    case bool(Bool)
    case string(String)
    case integers([Int])
    case numbers([Double])
    case bools([Bool])
    case strings([String])
    /// An array of arrays, which no model needs.
    case nested(count: Int)

    /// What it is, for messages.
    var kind: String {
        switch self {
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .bool(let value): "\(value)"
        case .string(let text): text.quoted()
        case .integers(let items): "an array of \(items.count) integers"
        case .numbers(let items): "an array of \(items.count) numbers"
        case .bools(let items): "an array of \(items.count) booleans"
        case .strings(let items): "an array of \(items.count) strings"
        case .nested(let count): "an array of \(count) arrays"
        }
    }
}

extension GGUFCursor {
    /// The most elements of all arrays together, and the deepest nesting.
    static let mostElements = 1 << 24
    private static let deepest = 4

    /// The code of a type of values, as the format numbers them.
    private enum Code: UInt32 {
        case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64
        case float64

        /// The fewest bytes of a value.
        var size: Int {
            switch self {
            case .uint8, .int8, .bool: 1
            case .uint16, .int16: 2
            case .uint32, .int32, .float32: 4
            case .uint64, .int64, .float64, .string: 8
            case .array: 12
            }
        }
    }

    /// A value with its type before it; `elements` counts those of all arrays.
    mutating func value(of key: String, _ elements: inout Int) throws(GGUFProblem) -> GGUFValue {
        let code = try code(key)
        return try code == .array
            ? array(key, &elements, depth: 1) : scalar(code, key)
    }

    private mutating func code(_ key: String) throws(GGUFProblem) -> Code {
        let number = try integer(UInt32.self, "the type of \(key.quoted())")
        guard let code = Code(rawValue: number) else {
            throw GGUFProblem("\(key.quoted()) has the type \(number); 0 to 12 are known")
        }
        return code
    }

    private mutating func scalar(_ code: Code, _ key: String) throws(GGUFProblem) -> GGUFValue {
        /// Asked for in errors only, of which a vocabulary could have many.
        var what: String { key.quoted() }
        switch code {
        case .uint8: return .integer(Int(try integer(UInt8.self, what)))
        case .int8: return .integer(Int(try integer(Int8.self, what)))
        case .uint16: return .integer(Int(try integer(UInt16.self, what)))
        case .int16: return .integer(Int(try integer(Int16.self, what)))
        case .uint32: return .integer(Int(try integer(UInt32.self, what)))
        case .int32: return .integer(Int(try integer(Int32.self, what)))
        case .int64: return .integer(Int(try integer(Int64.self, what)))
        case .uint64:
            let value = try integer(UInt64.self, what)
            return Int(exactly: value).map(GGUFValue.integer) ?? .number(Double(value))
        case .float32:
            let value = Float(bitPattern: try integer(UInt32.self, what))
            return .number(Double("\(value)") ?? Double(value))
        case .float64: return .number(Double(bitPattern: try integer(UInt64.self, what)))
        case .string: return .string(try string(what))
        case .bool:
            let byte = try integer(UInt8.self, what)
            guard byte < 2 else { throw GGUFProblem("\(what) is \(byte); 0 or 1 is expected") }
            return .bool(byte == 1)
        case .array: preconditionFailure("an array is no scalar")
        }
    }

    private mutating func array(
        _ key: String,
        _ elements: inout Int,
        depth: Int
    ) throws(GGUFProblem) -> GGUFValue {
        guard depth <= Self.deepest else {
            throw GGUFProblem("\(key.quoted()) has arrays in arrays, \(depth) deep")
        }
        let code = try code(key)
        let count = try count("the length of \(key.quoted())", eachAtLeast: code.size)
        elements += count
        guard elements <= Self.mostElements else {
            throw GGUFProblem("the arrays have more than \(Self.mostElements) elements")
        }
        switch code {
        case .array:
            for _ in 0..<count { _ = try array(key, &elements, depth: depth + 1) }
            return .nested(count: count)
        case .string:
            var strings: [String] = []
            strings.reserveCapacity(count)
            for _ in 0..<count { strings.append(try string("an element of \(key.quoted())")) }
            return .strings(strings)
        case .bool:
            var bools: [Bool] = []
            for _ in 0..<count { bools.append(try scalar(code, key) == .bool(true)) }
            return .bools(bools)
        case .float32, .float64:
            var numbers: [Double] = []
            numbers.reserveCapacity(count)
            for _ in 0..<count {
                numbers.append(
                    try code == .float64
                        ? Double(bitPattern: integer(UInt64.self, key))
                        : Double(Float(bitPattern: integer(UInt32.self, key)))
                )
            }
            return .numbers(numbers)
        case .uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64:
            var integers: [Int] = []
            integers.reserveCapacity(count)
            for _ in 0..<count {
                guard case .integer(let value) = try scalar(code, key) else {
                    throw GGUFProblem("\(key.quoted()) has an element that does not fit 63 bits")
                }
                integers.append(value)
            }
            return .integers(integers)
        }
    }
}
