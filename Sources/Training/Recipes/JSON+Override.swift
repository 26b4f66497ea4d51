import Basics

extension JSON {
    /// Applies an override such as `a.b.0=value`, whose value is YAML.
    mutating func apply(override: String) throws(RecipeError) {
        guard let mark = override.firstIndex(of: "="), mark > override.startIndex else {
            throw .override(override)
        }
        let path = override[..<mark].split(separator: ".", omittingEmptySubsequences: false)
        let text = String(override[override.index(after: mark)...])
        let value = try YAML.json(parsing: text, source: override)
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
                    problem: "\"\(key)\" is not an index from 0 to \(elements.count - 1)"
                )
            }
            try elements[index].set(path.dropFirst(), to: value, override: override)
            self = .array(elements)
        default:
            throw .place(
                override: override,
                problem: "\"\(key)\" is a key of something that is not a mapping"
            )
        }
    }
}
