/// A JSON value whose objects keep the order of their keys.
///
/// The one JSON reader of the program: configs, safetensors headers, tokenizers and requests all
/// pass through ``JSON/init(parsing:limits:)``, so that no two readers can disagree about a file.
public enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    /// A number written without fraction or exponent that fits 64 bits.
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSON])
    case object(Object)

    /// A measured number, or `null` where JSON has none for it.
    public static func finite(_ value: Double?) -> JSON {
        guard let value, value.isFinite else { return .null }
        return .number(value)
    }

    /// The members of an object, in the order of the file, each key once.
    public struct Object: Sendable, Equatable, ExpressibleByDictionaryLiteral {
        /// The keys in order.
        public private(set) var keys: [String] = []
        private var values: [ExactKey: JSON] = [:]

        /// Makes an object without members.
        public init() {}

        /// Makes an object of members in order; a key may stand only once.
        public init(dictionaryLiteral elements: (String, JSON)...) {
            for (key, value) in elements {
                precondition(self[key] == nil, "the key \(key) stands twice")
                self[key] = value
            }
        }

        /// The member `key`; setting a new key appends it, setting `nil` removes it.
        public subscript(key: String) -> JSON? {
            get { values[ExactKey(text: key)] }
            set {
                let isNew =
                    values.updateValue(newValue ?? .null, forKey: ExactKey(text: key)) == nil
                if newValue == nil {
                    values[ExactKey(text: key)] = nil
                    if !isNew { keys.removeAll { ExactKey(text: $0) == ExactKey(text: key) } }
                } else if isNew {
                    keys.append(key)
                }
            }
        }

        /// The number of members.
        public var count: Int { keys.count }

        /// The members in order.
        public var members: [(key: String, value: JSON)] {
            keys.map { ($0, self[$0] ?? .null) }
        }

        /// Compares members without regard to their order, as JSON does.
        public static func == (left: Object, right: Object) -> Bool {
            left.values == right.values
        }

        /// A key compared by its bytes, as JSON does: to `String`, "é" and "e\u{301}" are one.
        private struct ExactKey: Hashable, Sendable {
            let text: String

            static func == (left: ExactKey, right: ExactKey) -> Bool {
                left.text.utf8.elementsEqual(right.text.utf8)
            }

            func hash(into hasher: inout Hasher) {
                var text = text
                text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
            }
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Makes a string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// Makes an integer.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// Makes a number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// Makes a boolean.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Makes an array.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// Makes an object; a key may stand only once.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        var object = Object()
        for (key, value) in elements { object[key] = value }
        self = .object(object)
    }
}
