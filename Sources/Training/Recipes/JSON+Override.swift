import Basics

extension JSON {
    /// Puts `a.b.0=value` into a recipe; the value is read as YAML reads a plain word.
    mutating func apply(override: String) throws(RecipeError) {
        guard let mark = override.firstIndex(of: "="), mark > override.startIndex else {
            throw .override(override)
        }
        let path = override[..<mark].split(separator: ".", omittingEmptySubsequences: false)
        let text = String(override[override.index(after: mark)...])
        let value = try YAML.json(parsing: text, source: "--set \(override)")
        try set(path.map(String.init)[...], to: value, override: override)
    }

    private mutating func set(
        _ path: ArraySlice<String>,
        to value: JSON,
        override: String
    ) throws(RecipeError) {
        guard let key = path.first else {
            self = value
            return
        }
        switch self {
        case .object(var object):
            guard !key.isEmpty else { throw .override(override) }
            var member = object[key] ?? .object(JSON.Object())
            try member.set(path.dropFirst(), to: value, override: override)
            object[key] = member
            self = .object(object)
        case .array(var elements):
            guard let index = Int(key), elements.indices.contains(index) else {
                throw .place(
                    override: override,
                    problem: "\"\(key)\" is not a place from 0 to \(elements.count - 1) of the list"
                )
            }
            try elements[index].set(path.dropFirst(), to: value, override: override)
            self = .array(elements)
        default:
            throw .place(override: override, problem: "\"\(key)\" is inside what is not a mapping")
        }
    }
}
