import Basics

extension JSON.Object {
    /// Puts an override of the form `key.key=value` in place; `value` is YAML, and a number among the
    /// keys is an index of a list, as in `data.0.weight=2`.
    mutating func set(_ override: String) throws(RecipeError) {
        guard let sign = override.firstIndex(of: "="), sign != override.startIndex else {
            throw .override(override)
        }
        let keys = override[..<sign].split(separator: ".", omittingEmptySubsequences: false)
        guard keys.allSatisfy({ !$0.isEmpty }) else { throw .override(override) }
        let value = try YAML.json(
            parsing: String(override[override.index(after: sign)...]),
            source: "--set \(override)"
        )
        var whole = JSON.object(self)
        try whole.set(value, at: keys[...], of: override)
        if case .object(let object) = whole { self = object }
    }
}

extension JSON {
    fileprivate mutating func set(
        _ value: JSON,
        at keys: ArraySlice<Substring>,
        of override: String
    ) throws(RecipeError) {
        guard let key = keys.first else {
            self = value
            return
        }
        switch self {
        case .object(var object):
            var member = object[String(key)] ?? .object(Object())
            try member.set(value, at: keys.dropFirst(), of: override)
            object[String(key)] = member
            self = .object(object)
        case .array(var elements):
            guard let index = Int(key), elements.indices.contains(index) else {
                throw .place(
                    override: override,
                    problem: "\"\(key)\" is no index of a list of \(elements.count)"
                )
            }
            try elements[index].set(value, at: keys.dropFirst(), of: override)
            self = .array(elements)
        default:
            throw .place(override: override, problem: "there is nothing below \(kind)")
        }
    }
}
