/// A value while a template is rendered, after those of Python.
enum JinjaValue {
    /// What is not there; the text says what was asked for.
    case undefined(String)
    case none
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case list(JinjaList)
    case dictionary(JinjaDictionary)
    /// What `namespace` makes: the only value that `set` changes.
    case namespace(JinjaNamespace)
    /// The variable `loop`.
    case loop(JinjaLoop)
    /// What can be called.
    case function(JinjaFunction)
}

/// A list or the like, which knows how deep it is nested.
struct JinjaList {
    let elements: [JinjaValue]
    let isTuple: Bool
    /// Whether it is what filters as `map` give: it counts as true even if it is empty.
    let isLazy: Bool
    let depth: Int

    /// Makes a list of values.
    init(_ elements: [JinjaValue], isTuple: Bool = false, isLazy: Bool = false)
        throws(JinjaError)
    {
        self.elements = elements
        self.isTuple = isTuple
        self.isLazy = isLazy
        depth = try elements.depthOfContainer()
    }
}

/// A dictionary in the order of its keys' first appearance.
struct JinjaDictionary {
    private(set) var members: [(key: JinjaValue, value: JinjaValue)] = []
    private var places: [JinjaKey: Int] = [:]
    private(set) var depth = 1

    /// Makes an empty dictionary.
    init() {}

    /// Sets the value of a key, which has to be a scalar.
    mutating func set(_ key: JinjaValue, to value: JinjaValue) throws(JinjaError) {
        guard let place = JinjaKey(key) else {
            throw JinjaError("unhashable type: '\(key.typeName)'")
        }
        depth = max(depth, try [value].depthOfContainer())
        if let known = places[place] {
            members[known].value = value
        } else {
            places[place] = members.count
            members.append((key, value))
        }
    }

    /// The value of a key; `nil` if there is none.
    subscript(key: JinjaValue) -> JinjaValue? {
        JinjaKey(key).flatMap { places[$0] }.map { members[$0].value }
    }

    /// The value of a name; `nil` if there is none.
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

/// Variables with names, shared by all who hold it.
final class JinjaNamespace {
    var members: [(name: String, value: JinjaValue)] = []

    /// The value of a name; `nil` if there is none.
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

/// Where a `for` is among its elements.
final class JinjaLoop {
    let elements: [JinjaValue]
    let depth: Int
    var index = 0
    var lastChanged: [JinjaValue]?
    /// Renders the body of a recursive loop for other elements.
    let again: JinjaFunction?

    /// Starts at the first of `elements`.
    init(_ elements: [JinjaValue], depth: Int, again: JinjaFunction?) {
        self.elements = elements
        self.depth = depth
        self.again = again
    }
}

/// What can be called, by its kind.
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

/// A macro and where it was defined.
final class JinjaMacro {
    let name: String
    let parameters: [(name: String, fallback: JinjaExpression?)]
    let body: [JinjaStatement]
    let scope: JinjaScope

    /// Makes a macro that sees what `scope` sees.
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

/// The body of a recursive loop and where it stands.
final class JinjaLoopBody {
    let loop: JinjaStatement.Loop
    let scope: JinjaScope
    let depth: Int

    /// Remembers a loop for its next level.
    init(_ loop: JinjaStatement.Loop, in scope: JinjaScope, depth: Int) {
        self.loop = loop
        self.scope = scope
        self.depth = depth
    }
}

/// The variables of a block and of what is around it.
final class JinjaScope {
    private var variables: [String: JinjaValue] = [:]
    private let parent: JinjaScope?

    /// Opens a scope inside another one.
    init(in parent: JinjaScope?) { self.parent = parent }

    /// The variable `name`, here or further out.
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

    /// Forgets all variables, among them what holds this scope.
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
