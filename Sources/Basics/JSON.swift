/// A JSON value whose objects keep the order of their keys.
///
/// The one JSON reader of the program: configs, safetensors headers, tokenizers and requests all
/// pass through ``JSON/init(parsing:limits:)``, so that no two readers can disagree about a file.
package enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    /// A number written without fraction or exponent that fits 64 bits.
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSON])
    case object(Object)

    /// A measured number, or `null` where JSON has none for it.
    package static func finite(_ value: Double?) -> JSON {
        guard let value, value.isFinite else { return .null }
        return .number(value)
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Makes a string.
    package init(stringLiteral value: String) { self = .string(value) }
    /// Makes an integer.
    package init(integerLiteral value: Int) { self = .integer(value) }
    /// Makes a number.
    package init(floatLiteral value: Double) { self = .number(value) }
    /// Makes a boolean.
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Makes an array.
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// Makes an object; a key may stand only once.
    package init(dictionaryLiteral elements: (String, JSON)...) {
        var object = Object()
        for (key, value) in elements { object[key] = value }
        self = .object(object)
    }
}
