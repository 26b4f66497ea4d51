internal import OrderedCollections

extension JSON {
    /// The members of an object, in the order of the file, each key once.
    package struct Object: Sendable, Equatable, ExpressibleByDictionaryLiteral {
        private var values: OrderedDictionary<ExactKey, JSON> = [:]

        package init() {}

        /// Makes an object; the keys must differ.
        package init(dictionaryLiteral elements: (String, JSON)...) {
            for (key, value) in elements {
                let isNew = append(key, value)
                precondition(isNew, "duplicate key \(key)")
            }
        }

        /// The member `key`; setting a new key appends it, setting `nil` removes it.
        package subscript(key: String) -> JSON? {
            get { values[ExactKey(text: key)] }
            set { values[ExactKey(text: key)] = newValue }
        }

        /// Whether the member exists and is not `null`.
        package func has(_ key: String) -> Bool { (self[key] ?? .null) != .null }

        package var count: Int { values.count }

        package var keys: [String] { values.keys.map(\.text) }

        /// The members in order.
        package var members: [(key: String, value: JSON)] {
            values.map { ($0.key.text, $0.value) }
        }

        /// Compares members without regard to their order, as JSON does.
        package static func == (left: Object, right: Object) -> Bool {
            left.count == right.count
                && left.values.allSatisfy { right.values[$0.key] == $0.value }
        }

        /// Adds a member; false, and nothing added, for a duplicate key.
        mutating func append(_ key: String, _ value: JSON) -> Bool {
            let key = ExactKey(text: key)
            let count = values.count
            values.updateValue(forKey: key, default: value) { _ in }
            return values.count > count
        }

        /// A key compared by its bytes, as JSON does: to `String`, "é" and "e\u{301}" are equal.
        private struct ExactKey: Hashable, Sendable {
            let text: String

            static func == (left: ExactKey, right: ExactKey) -> Bool {
                // Strings that are not equal differ in bytes, too, and are compared faster.
                left.text == right.text && left.text.utf8.elementsEqual(right.text.utf8)
            }

            func hash(into hasher: inout Hasher) {
                var text = text
                text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
            }
        }
    }
}
