/// The arguments of a function, filter or test.
struct JinjaCall {
    var positional: [JinjaValue] = []
    var named: [(name: String, value: JinjaValue)] = []

    /// The argument at an index, or by its name.
    func value(_ index: Int, _ name: String) -> JinjaValue? {
        positional.indices.contains(index)
            ? positional[index] : named.first { $0.name == name }?.value
    }

    /// A required argument.
    func required(_ index: Int, _ name: String) throws(JinjaError) -> JinjaValue {
        guard let value = value(index, name) else {
            throw JinjaError("the argument '\(name)' is missing")
        }
        return value
    }

    /// A string argument; without it, `fallback`.
    func text(_ index: Int, _ name: String, default fallback: String? = nil) throws(JinjaError)
        -> String
    {
        guard let value = value(index, name) else {
            guard let fallback else { throw JinjaError("the argument '\(name)' is missing") }
            return fallback
        }
        guard case .string(let text) = try value.defined() else {
            throw JinjaError("'\(name)' has to be a text, not \(value.typeName)")
        }
        return text
    }

    /// An integer argument; without it, `fallback`.
    func integer(_ index: Int, _ name: String, default fallback: Int? = nil) throws(JinjaError)
        -> Int
    {
        guard let value = value(index, name) else {
            guard let fallback else { throw JinjaError("the argument '\(name)' is missing") }
            return fallback
        }
        guard let integer = try value.defined().asInteger else {
            throw JinjaError("'\(name)' has to be an integer, not \(value.typeName)")
        }
        return integer
    }

    /// A boolean argument; without it, false.
    func flag(_ index: Int, _ name: String) -> Bool { value(index, name)?.isTrue ?? false }

    /// The same call without its first arguments.
    func dropFirst(_ count: Int = 1) -> JinjaCall {
        JinjaCall(positional: Array(positional.dropFirst(count)), named: named)
    }
}
