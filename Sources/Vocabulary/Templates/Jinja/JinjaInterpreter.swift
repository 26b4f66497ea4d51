import Foundation

/// What a template printed.
struct JinjaOutput {
    let text: String
    /// Where generation blocks stand in the text, in bytes.
    let generations: [Range<Int>]
    /// Whether the text of a generation block was changed before it was printed.
    let hasLostGenerations: Bool
}

/// Renders a template within a budget.
///
/// After Jinja 2 with its immutable sandbox: missing values print as nothing, blocks of a loop have
/// their own variables, and no value but a namespace ever changes.
struct JinjaInterpreter {
    var budget = JinjaBudget()
    /// The date of `strftime_now`.
    let now: Date
    /// The output of the innermost block so far.
    private var output = ""
    /// Where generation blocks stand in the output of the innermost block, in bytes.
    private var generations: [Range<Int>] = []
    /// Texts with generation blocks that no output has taken as they are.
    private var captured: [(text: String, generations: [Range<Int>])] = []
    /// Scopes with a macro, which refers to them: emptied at the end.
    private var closures: [JinjaScope] = []
    private var namespaces: [JinjaNamespace] = []

    private enum Ending { case end, goOn, stop }

    init(now: Date) { self.now = now }

    static func render(
        _ statements: [JinjaStatement],
        _ variables: [(name: String, value: JinjaValue)],
        now: Date
    ) throws(JinjaError) -> JinjaOutput {
        var interpreter = JinjaInterpreter(now: now)
        defer { interpreter.clear() }
        let globals = JinjaScope(in: nil)
        globals["range"] = .function(.range)
        globals["dict"] = .function(.dictionary)
        globals["namespace"] = .function(.namespace)
        globals["raise_exception"] = .function(.raise)
        globals["strftime_now"] = .function(.formatNow)
        globals["cycler"] = .function(.cycler)
        globals["joiner"] = .function(.joiner)
        for (name, value) in variables { globals[name] = value }
        _ = try interpreter.run(statements, JinjaScope(in: globals))
        return JinjaOutput(
            text: interpreter.output,
            generations: interpreter.generations,
            hasLostGenerations: !interpreter.captured.isEmpty
        )
    }

    private func clear() {
        for scope in closures { scope.clear() }
        for namespace in namespaces { namespace.members = [] }
    }

    /// A namespace that is emptied after rendering.
    mutating func makeNamespace() -> JinjaNamespace {
        let namespace = JinjaNamespace()
        namespaces.append(namespace)
        return namespace
    }

    // MARK: - Statements

    private mutating func run(_ statements: [JinjaStatement], _ scope: JinjaScope)
        throws(JinjaError) -> Ending
    {
        try budget.enter()
        defer { budget.leave() }
        for statement in statements {
            do throws(JinjaError) {
                try budget.spend()
                let ending = try run(statement.kind, scope)
                if ending != .end { return ending }
            } catch {
                var error = error
                error.line = error.line ?? statement.line
                throw error
            }
        }
        return .end
    }

    private mutating func run(_ kind: JinjaStatement.Kind, _ scope: JinjaScope) throws(JinjaError)
        -> Ending
    {
        switch kind {
        case .text(let text): try write(text)
        case .output(let expression): try output(expression, scope)
        case .condition(let branches, let otherwise):
            for (test, body) in branches where try evaluate(test, scope).isTrue {
                return try run(body, scope)
            }
            return try run(otherwise, scope)
        case .loop(let loop):
            let elements = try evaluate(loop.elements, scope)
            try run(loop, over: elements, scope, depth: 1)
        case .goOn: return .goOn
        case .stop: return .stop
        case .set(let target, let expression):
            try assign(try evaluate(expression, scope), to: target, scope)
        case .setBlock(let target, let filters, let body):
            let text = try capture(body, JinjaScope(in: scope))
            try assign(try apply(filters, to: .string(text), scope), to: target, scope)
        case .filterBlock(let filters, let body):
            let text = try capture(body, JinjaScope(in: scope))
            try write(try apply(filters, to: .string(text), scope).text(&budget))
        case .with(let variables, let body):
            let inner = JinjaScope(in: scope)
            for (name, expression) in variables { inner[name] = try evaluate(expression, scope) }
            return try run(body, inner)
        case .macro(let name, let parameters, let body):
            closures.append(scope)
            scope[name] = .function(
                .macro(JinjaMacro(name: name, parameters: parameters, body: body, scope: scope))
            )
        case .call(let call, let parameters, let body):
            guard case .call(let callee, let arguments) = call else { break }
            let macro = JinjaMacro(name: "caller", parameters: parameters, body: body, scope: scope)
            var values = try evaluate(arguments, scope)
            values.named.append(("caller", .function(.caller(macro))))
            let function = try evaluate(callee, scope)
            let known = captured.count
            try write(try self.call(function, values).text(&budget), capturedSince: known)
        case .generation(let body):
            let start = output.utf8.count
            let ending = try run(body, JinjaScope(in: scope))
            generations.append(start..<output.utf8.count)
            return ending
        }
        return .end
    }

    private mutating func output(_ expression: JinjaExpression, _ scope: JinjaScope)
        throws(JinjaError)
    {
        let known = captured.count
        try write(try evaluate(expression, scope).text(&budget), capturedSince: known)
    }

    /// Writes a text that may be a captured one, whose generation blocks then stand here.
    private mutating func write(_ text: String, capturedSince known: Int) throws(JinjaError) {
        if captured.count == known + 1, captured[known].text.utf8.elementsEqual(text.utf8) {
            let start = output.utf8.count
            generations += captured.removeLast().generations.map { block in
                block.lowerBound + start..<block.upperBound + start
            }
        }
        try write(text)
    }

    private mutating func write(_ text: String) throws(JinjaError) {
        try budget.spend(text.utf8.count / 64)
        output += text
        guard output.utf8.count <= JinjaBudget.maximumBytes else {
            throw JinjaError("makes a text of more than \(JinjaBudget.maximumBytes) bytes")
        }
    }

    /// Renders a body into a separate text.
    mutating func capture(_ body: [JinjaStatement], _ scope: JinjaScope) throws(JinjaError)
        -> String
    {
        try capturing { interpreter throws(JinjaError) in _ = try interpreter.run(body, scope) }
    }

    /// Runs `body` with a separate output.
    mutating func capturing(
        _ body: (inout JinjaInterpreter) throws(JinjaError) -> Void
    ) throws(JinjaError) -> String {
        let (outer, outerGenerations) = (output, generations)
        (output, generations) = ("", [])
        defer { (output, generations) = (outer, outerGenerations) }
        try body(&self)
        if !generations.isEmpty { captured.append((output, generations)) }
        return output
    }

    private mutating func apply(
        _ filters: [JinjaStatement.Filter],
        to value: JinjaValue,
        _ scope: JinjaScope
    ) throws(JinjaError) -> JinjaValue {
        var value = value
        for (name, arguments) in filters {
            value = try filter(value, name, try evaluate(arguments, scope))
        }
        return value
    }

    private mutating func assign(
        _ value: JinjaValue,
        to target: JinjaStatement.Target,
        _ scope: JinjaScope
    ) throws(JinjaError) {
        switch target {
        case .member(let owner, let name):
            guard case .namespace(let namespace)? = scope[owner] else {
                throw JinjaError("cannot assign attribute on non-namespace object '\(owner)'")
            }
            guard !name.hasPrefix("_") else {
                throw JinjaError("a namespace has no attribute '\(name)'; take a name without '_'")
            }
            namespace[name] = value
        case .names(let names, let isTuple):
            try bind(names, isTuple, to: value, scope)
        }
    }

    private mutating func bind(
        _ names: [String],
        _ isTuple: Bool,
        to value: JinjaValue,
        _ scope: JinjaScope
    ) throws(JinjaError) {
        guard isTuple else {
            scope[names[0]] = value
            return
        }
        let elements = try value.defined().elements(&budget)
        guard elements.count == names.count else {
            throw JinjaError("\(elements.count) values for \(names.count) names")
        }
        for (name, element) in zip(names, elements) { scope[name] = element }
    }

    // MARK: - Loops

    mutating func run(
        _ loop: JinjaStatement.Loop,
        over value: JinjaValue,
        _ scope: JinjaScope,
        depth: Int
    ) throws(JinjaError) {
        var elements = try value.elements(&budget)
        if let condition = loop.condition {
            var kept: [JinjaValue] = []
            for element in elements {
                let inner = JinjaScope(in: scope)
                try bind(loop.names, loop.isTuple, to: element, inner)
                if try evaluate(condition, inner).isTrue { kept.append(element) }
            }
            elements = kept
        }
        let again: JinjaFunction? =
            loop.isRecursive ? .loopAgain(JinjaLoopBody(loop, in: scope, depth: depth)) : nil
        let state = JinjaLoop(elements, depth: depth, again: again)
        // As in Jinja, `else` follows unless the body was once run to its end.
        var wasRun = false
        for (index, element) in elements.enumerated() {
            try budget.spend()
            state.index = index
            let inner = JinjaScope(in: scope)
            inner["loop"] = .loop(state)
            try bind(loop.names, loop.isTuple, to: element, inner)
            let ending = try run(loop.body, inner)
            if ending == .end { wasRun = true }
            if ending == .stop { break }
        }
        if !wasRun { _ = try run(loop.otherwise, JinjaScope(in: scope)) }
    }
}
