/// A value of a template, after Python's.
enum JinjaValue {
    /// Undefined; the string says what was asked for.
    case undefined(String)
    case none
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case list(JinjaList)
    case dictionary(JinjaDictionary)
    /// A `namespace`, the only value that `set` changes.
    case namespace(JinjaNamespace)
    case loop(JinjaLoop)
    case function(JinjaFunction)
}

/// A list or the like, with its nesting depth.
struct JinjaList {
    let elements: [JinjaValue]
    let isTuple: Bool
    /// Whether it is the iterator of a filter such as `map`: true even if it is empty.
    let isLazy: Bool
    let depth: Int

    init(_ elements: [JinjaValue], isTuple: Bool = false, isLazy: Bool = false)
        throws(JinjaError)
    {
        self.elements = elements
        self.isTuple = isTuple
        self.isLazy = isLazy
        depth = try elements.depthOfContainer()
    }
}

/// A dictionary in insertion order.
struct JinjaDictionary {
    /// A tuple here is a circular reference to the compiler, in some orders of the files.
    struct Member {
        let key: JinjaValue
        var value: JinjaValue
    }

    private(set) var members: [Member] = []
    private var places: [JinjaKey: Int] = [:]
    private(set) var depth = 1

    init() {}

    /// Sets the value of a key, which must be a scalar.
    mutating func set(_ key: JinjaValue, to value: JinjaValue) throws(JinjaError) {
        guard let place = JinjaKey(key) else {
            throw JinjaError("unhashable type: '\(key.typeName)'")
        }
        depth = max(depth, try [value].depthOfContainer())
        if let known = places[place] {
            members[known].value = value
        } else {
            places[place] = members.count
            members.append(Member(key: key, value: value))
        }
    }

    subscript(key: JinjaValue) -> JinjaValue? {
        JinjaKey(key).flatMap { places[$0] }.map { members[$0].value }
    }

    subscript(name: String) -> JinjaValue? { self[.string(name)] }
}

/// A scalar as a key: numbers by value, texts by their bytes.
private struct JinjaKey: Hashable {
    private enum Content: Hashable {
        case none
        case number(Double)
        case integer(Int)
        case text([UInt8])
    }

    private let content: Content

    /// Makes a key of a scalar; `nil` of another value.
    init?(_ value: JinjaValue) {
        switch value {
        case .none: content = .none
        case .bool(let flag): content = .integer(flag ? 1 : 0)
        case .integer(let integer): content = .integer(integer)
        case .number(let number):
            content = Int(exactly: number).map(Content.integer) ?? .number(number)
        case .string(let text): content = .text(Array(text.utf8))
        default: return nil
        }
    }
}

/// Named variables, by reference.
final class JinjaNamespace {
    var members: [(name: String, value: JinjaValue)] = []

    subscript(name: String) -> JinjaValue? {
        get { members.first { $0.name == name }?.value }
        set {
            members.removeAll { $0.name == name && newValue == nil }
            guard let newValue else { return }
            if let place = members.firstIndex(where: { $0.name == name }) {
                members[place].value = newValue
            } else {
                members.append((name, newValue))
            }
        }
    }
}

/// The position of a `for` among its elements.
final class JinjaLoop {
    let elements: [JinjaValue]
    let depth: Int
    var index = 0
    var lastChanged: [JinjaValue]?
    /// Renders the body of a recursive loop for other elements.
    let again: JinjaFunction?

    init(_ elements: [JinjaValue], depth: Int, again: JinjaFunction?) {
        self.elements = elements
        self.depth = depth
        self.again = again
    }
}

enum JinjaFunction {
    case range
    case dictionary
    case namespace
    case raise
    case formatNow
    case macro(JinjaMacro)
    /// The body of a `call`, named `caller` in the macro that it calls.
    case caller(JinjaMacro)
    indirect case method(of: JinjaValue, String)
    case loopAgain(JinjaLoopBody)
}

/// A macro and the scope that defined it.
final class JinjaMacro {
    let name: String
    let parameters: [(name: String, fallback: JinjaExpression?)]
    let body: [JinjaStatement]
    let scope: JinjaScope

    init(
        name: String,
        parameters: [(name: String, fallback: JinjaExpression?)],
        body: [JinjaStatement],
        scope: JinjaScope
    ) {
        self.name = name
        self.parameters = parameters
        self.body = body
        self.scope = scope
    }
}

/// A recursive loop's body and its scope.
final class JinjaLoopBody {
    let loop: JinjaStatement.Loop
    let scope: JinjaScope
    let depth: Int

    init(_ loop: JinjaStatement.Loop, in scope: JinjaScope, depth: Int) {
        self.loop = loop
        self.scope = scope
        self.depth = depth
    }
}

/// The variables of a block and of those around it.
final class JinjaScope {
    private var variables: [String: JinjaValue] = [:]
    private let parent: JinjaScope?

    init(in parent: JinjaScope?) { self.parent = parent }

    /// The variable `name`, here or in an outer scope.
    subscript(name: String) -> JinjaValue? {
        get {
            var scope: JinjaScope? = self
            while let here = scope {
                if let value = here.variables[name] { return value }
                scope = here.parent
            }
            return nil
        }
        set { variables[name] = newValue }
    }

    /// Removes all variables, also references to this scope.
    func clear() { variables.removeAll() }
}

extension [JinjaValue] {
    /// The nesting of a container with these elements.
    fileprivate func depthOfContainer() throws(JinjaError) -> Int {
        var depth = 0
        for element in self {
            switch element {
            case .list(let list): depth = Swift.max(depth, list.depth)
            case .dictionary(let dictionary): depth = Swift.max(depth, dictionary.depth)
            default: continue
            }
        }
        guard depth < JinjaBudget.maximumValueDepth else {
            throw JinjaError("nests values more than \(JinjaBudget.maximumValueDepth) levels deep")
        }
        return depth + 1
    }
}
