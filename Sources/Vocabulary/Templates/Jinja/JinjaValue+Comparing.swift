extension JinjaValue {
    /// Whether the value is true in an `if`.
    var isTrue: Bool {
        switch self {
        case .undefined, .none: false
        case .bool(let flag): flag
        case .integer(let integer): integer != 0
        case .number(let number): number != 0
        case .string(let text): !text.isEmpty
        case .list(let list): list.isLazy || !list.elements.isEmpty
        case .dictionary(let dictionary): !dictionary.members.isEmpty
        case .namespace, .loop, .function: true
        }
    }

    /// A number, with `true` as 1; `nil` of another value.
    var asNumber: Double? {
        switch self {
        case .bool(let flag): flag ? 1 : 0
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }

    /// An integer, with `true` as 1; `nil` of another value.
    var asInteger: Int? {
        switch self {
        case .bool(let flag): flag ? 1 : 0
        case .integer(let integer): integer
        default: nil
        }
    }

    /// Compares as `==`.
    func equals(_ other: JinjaValue, _ budget: inout JinjaBudget) throws(JinjaError) -> Bool {
        try budget.spend()
        switch (self, other) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.string(let left), .string(let right)):
            try budget.spend(bytes: min(left.utf8.count, right.utf8.count))
            return left.utf8.elementsEqual(right.utf8)
        case (.list(let left), .list(let right)):
            guard left.isTuple == right.isTuple, left.elements.count == right.elements.count else {
                return false
            }
            for (first, second) in zip(left.elements, right.elements) {
                guard try first.equals(second, &budget) else { return false }
            }
            return true
        case (.dictionary(let left), .dictionary(let right)):
            guard left.members.count == right.members.count else { return false }
            for member in left.members {
                guard let found = right[member.key], try member.value.equals(found, &budget) else {
                    return false
                }
            }
            return true
        case (.namespace(let left), .namespace(let right)): return left === right
        case (.loop(let left), .loop(let right)): return left === right
        default:
            if let left = asInteger, let right = other.asInteger { return left == right }
            if let left = asNumber, let right = other.asNumber { return left == right }
            return false
        }
    }

    /// Compares as `<`.
    func isLess(than other: JinjaValue, _ budget: inout JinjaBudget) throws(JinjaError) -> Bool {
        try budget.spend()
        switch (self, other) {
        case (.string(let left), .string(let right)):
            try budget.spend(bytes: min(left.utf8.count, right.utf8.count))
            return left.utf8.lexicographicallyPrecedes(right.utf8)
        case (.list(let left), .list(let right)) where left.isTuple == right.isTuple:
            for (first, second) in zip(left.elements, right.elements) {
                if try first.equals(second, &budget) { continue }
                return try first.isLess(than: second, &budget)
            }
            return left.elements.count < right.elements.count
        default:
            if let left = asInteger, let right = other.asInteger { return left < right }
            if let left = asNumber, let right = other.asNumber { return left < right }
            for value in [self, other] { _ = try value.defined() }
            throw JinjaError(
                "'<' is not supported between '\(typeName)' and '\(other.typeName)'"
            )
        }
    }

    /// Whether this value contains `element`, as `in`.
    func contains(_ element: JinjaValue, _ budget: inout JinjaBudget) throws(JinjaError) -> Bool {
        switch self {
        case .undefined: return false
        case .string(let text):
            guard case .string(let part) = try element.defined() else {
                throw JinjaError("'in <string>' needs a text, not \(element.typeName)")
            }
            try budget.spend(bytes: text.utf8.count)
            return JinjaText.place(of: part, in: Array(text.utf8)) != nil
        case .list(let list):
            for other in list.elements {
                if try other.equals(element, &budget) { return true }
            }
            return false
        case .dictionary(let dictionary): return dictionary[element] != nil
        default: throw JinjaError("argument of type '\(typeName)' is not iterable")
        }
    }

    /// The elements for a loop.
    func elements(_ budget: inout JinjaBudget) throws(JinjaError) -> [JinjaValue] {
        switch self {
        case .undefined: return []
        case .list(let list):
            try budget.spend(list.elements.count)
            return list.elements
        case .string(let text):
            try budget.spend(text.utf8.count)
            return text.unicodeScalars.map { .string(String(Character($0))) }
        case .dictionary(let dictionary):
            try budget.spend(dictionary.members.count)
            return dictionary.members.map(\.key)
        default: throw JinjaError("'\(typeName)' object is not iterable")
        }
    }

    /// The value, unless it is undefined.
    func defined() throws(JinjaError) -> JinjaValue {
        guard case .undefined(let name) = self else { return self }
        throw JinjaError("\(name) is undefined")
    }
}
