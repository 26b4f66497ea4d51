/// The methods and attributes of values; none changes its value.
enum JinjaMethods {
    private static let ofText: Set<String> = [
        "strip", "lstrip", "rstrip", "upper", "lower", "title", "capitalize", "startswith",
        "endswith", "split", "rsplit", "splitlines", "replace", "join", "find", "rfind", "index",
        "count", "isdigit", "isdecimal", "isnumeric", "isalpha", "isalnum", "isspace", "isupper",
        "islower", "removeprefix", "removesuffix", "ljust", "rjust", "center", "zfill",
        "partition", "rpartition", "casefold", "swapcase",
    ]
    private static let ofLists: Set<String> = ["index", "count"]
    private static let ofDictionaries: Set<String> = ["items", "keys", "values", "get", "copy"]
    /// Methods that would change a value, refused as in the reference.
    private static let changing: Set<String> = [
        "append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "update",
        "setdefault", "popitem",
    ]

    /// The attribute `name` that is not a member; `nil` if there is none.
    static func attribute(_ name: String, of owner: JinjaValue) -> JinjaValue? {
        switch owner {
        case .string where ofText.contains(name): .function(.method(of: owner, name))
        case .list where ofLists.contains(name) || changing.contains(name):
            .function(.method(of: owner, name))
        case .dictionary where ofDictionaries.contains(name) || changing.contains(name):
            .function(.method(of: owner, name))
        case .namespace(let namespace): namespace[name]
        case .loop(let loop): attribute(name, of: loop, owner)
        case .function(.macro(let macro)) where name == "name": .string(macro.name)
        default: nil
        }
    }

    private static func attribute(_ name: String, of loop: JinjaLoop, _ owner: JinjaValue)
        -> JinjaValue?
    {
        let count = loop.elements.count
        let index = loop.index
        return switch name {
        case "index": .integer(index + 1)
        case "index0": .integer(index)
        case "revindex": .integer(count - index)
        case "revindex0": .integer(count - index - 1)
        case "first": .bool(index == 0)
        case "last": .bool(index == count - 1)
        case "length": .integer(count)
        case "depth": .integer(loop.depth)
        case "depth0": .integer(loop.depth - 1)
        case "previtem":
            index > 0 ? loop.elements[index - 1] : .undefined("there is no previous item, it")
        case "nextitem":
            index + 1 < count ? loop.elements[index + 1] : .undefined("there is no next item, it")
        case "cycle", "changed": .function(.method(of: owner, name))
        default: nil
        }
    }

    static func call(
        _ name: String,
        of owner: JinjaValue,
        _ call: JinjaCall,
        _ budget: inout JinjaBudget
    ) throws(JinjaError) -> JinjaValue {
        guard !changing.contains(name) else {
            throw JinjaError("'\(name)' would change a \(owner.typeName), which templates cannot")
        }
        switch owner {
        case .string(let text):
            try budget.spend(bytes: text.utf8.count)
            return try JinjaTextMethods.call(name, of: text, call, &budget)
        case .list(let list):
            let value = try call.required(0, "value")
            var places: [Int] = []
            for (place, element) in list.elements.enumerated() {
                if try element.equals(value, &budget) { places.append(place) }
            }
            if name == "count" { return .integer(places.count) }
            guard let first = places.first else { throw JinjaError("the value is not in the list") }
            return .integer(first)
        case .dictionary(let dictionary):
            try budget.spend(dictionary.members.count)
            switch name {
            case "items": return .list(try JinjaList(try dictionary.pairs()))
            case "keys": return .list(try JinjaList(dictionary.members.map(\.key)))
            case "values": return .list(try JinjaList(dictionary.members.map(\.value)))
            case "copy": return owner
            default:
                return dictionary[try call.required(0, "key")] ?? call.value(1, "default") ?? .none
            }
        case .loop(let loop):
            if name == "cycle" {
                guard !call.positional.isEmpty else {
                    throw JinjaError("no items for cycling given")
                }
                return call.positional[loop.index % call.positional.count]
            }
            let known = loop.lastChanged
            loop.lastChanged = call.positional
            guard let known, known.count == call.positional.count else { return .bool(true) }
            for (first, second) in zip(known, call.positional) {
                if try !first.equals(second, &budget) { return .bool(true) }
            }
            return .bool(false)
        default: throw JinjaError("'\(owner.typeName)' has no method '\(name)'")
        }
    }
}

extension JinjaDictionary {
    /// The key-value pairs, as tuples.
    func pairs() throws(JinjaError) -> [JinjaValue] {
        var pairs: [JinjaValue] = []
        for member in members {
            pairs.append(.list(try JinjaList([member.key, member.value], isTuple: true)))
        }
        return pairs
    }
}
