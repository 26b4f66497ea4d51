/// Parses the tokens of a template.
struct JinjaParser {
    private let tokens: [JinjaToken]
    private var place = 0
    private var depth = 0
    private var loopDepth = 0
    private var hasGenerations = false

    /// The deepest nesting, and the most operators in a row.
    private static let limit = 100

    static func parse(_ template: String) throws(JinjaError) -> JinjaTemplate {
        guard template.utf8.count <= JinjaBudget.maximumTemplate else {
            throw JinjaError("is longer than \(JinjaBudget.maximumTemplate) bytes")
        }
        var lexer = JinjaLexer(template)
        var parser = JinjaParser(tokens: try lexer.read())
        let statements = try parser.parseBody(until: [])
        return JinjaTemplate(statements: statements, hasGenerations: parser.hasGenerations)
    }

    private init(tokens: [JinjaToken]) { self.tokens = tokens }

    // MARK: - Words

    var next: JinjaToken { tokens[place] }

    var second: JinjaToken { tokens[min(place + 1, tokens.count - 1)] }

    @discardableResult
    mutating func take() -> JinjaToken {
        defer { place = min(place + 1, tokens.count - 1) }
        return tokens[place]
    }

    /// Takes the next token if it is this sign.
    mutating func takes(_ sign: String) -> Bool {
        guard next.kind == .sign, next.text == sign else { return false }
        take()
        return true
    }

    /// Takes the next token if it is this name.
    mutating func takes(name: String) -> Bool {
        guard isNext(name: name) else { return false }
        take()
        return true
    }

    func isNext(name: String) -> Bool { next.kind == .name && next.text == name }

    mutating func require(_ sign: String) throws(JinjaError) {
        guard takes(sign) else { throw failure("'\(sign)' is expected, found \(found)") }
    }

    mutating func takeName() throws(JinjaError) -> String {
        guard next.kind == .name else { throw failure("a name is expected, found \(found)") }
        return take().text
    }

    var found: String {
        switch next.kind {
        case .end: "the end"
        case .statementEnd, .outputEnd: "the end of the tag"
        case .string: "a string"
        default: "'\(next.text)'"
        }
    }

    func failure(_ problem: String) -> JinjaError { JinjaError(problem, line: next.line) }

    /// Parses one level deeper.
    mutating func nested<Result>(
        _ body: (inout JinjaParser) throws(JinjaError) -> Result
    ) throws(JinjaError) -> Result {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.limit else {
            throw failure("is nested more than \(Self.limit) levels deep")
        }
        return try body(&self)
    }

    /// Refuses a chain of too many operators.
    func checkChain(_ count: Int) throws(JinjaError) {
        guard count <= Self.limit else {
            throw failure("more than \(Self.limit) operators in a row")
        }
    }

    // MARK: - Statements

    /// Parses statements up to one of the names, whose tag stays open after its name.
    private mutating func parseBody(until ends: [String]) throws(JinjaError) -> [JinjaStatement] {
        var statements: [JinjaStatement] = []
        while true {
            let line = next.line
            switch next.kind {
            case .text:
                statements.append(JinjaStatement(kind: .text(take().text), line: line))
            case .outputStart:
                take()
                let value = try parseTuple()
                guard take().kind == .outputEnd else { throw unexpected() }
                statements.append(JinjaStatement(kind: .output(value), line: line))
            case .statementStart:
                take()
                guard next.kind == .name else { throw failure("a statement is expected") }
                if ends.contains(next.text) { return statements }
                let name = take().text
                let kind = try nested { parser throws(JinjaError) in try parser.parse(name) }
                statements.append(JinjaStatement(kind: kind, line: line))
            default:
                guard ends.isEmpty else {
                    let names = ends.map { "'\($0)'" }.joined(separator: " or ")
                    throw failure("\(names) is expected, found \(found)")
                }
                return statements
            }
        }
    }

    private func unexpected() -> JinjaError {
        let word = tokens[max(place - 1, 0)]
        return JinjaError("unexpected '\(word.text)'", line: word.line)
    }

    private mutating func endTag() throws(JinjaError) {
        guard take().kind == .statementEnd else { throw unexpected() }
    }

    /// Parses a body and the name that ends it, with its tag.
    private mutating func parseBlock(until end: String) throws(JinjaError) -> [JinjaStatement] {
        try endTag()
        let body = try parseBody(until: [end])
        take()
        try endTag()
        return body
    }

    private mutating func parse(_ name: String) throws(JinjaError) -> JinjaStatement.Kind {
        switch name {
        case "if": return try parseCondition()
        case "for": return try parseLoop()
        case "set": return try parseSet()
        case "macro": return try parseMacro()
        case "call": return try parseCall()
        case "filter":
            let filters = try parseFilters()
            return .filterBlock(filters, try parseBlock(until: "endfilter"))
        case "with": return try parseWith()
        case "generation":
            hasGenerations = true
            return .generation(try parseBlock(until: "endgeneration"))
        case "break", "continue":
            guard loopDepth > 0 else { throw failure("'\(name)' outside of a loop") }
            try endTag()
            return name == "break" ? .stop : .goOn
        default:
            throw JinjaError(
                "the statement '\(name)' is not supported; supported are if, for, set, macro, call, "
                    + "filter, with, break, continue, generation and raw",
                line: next.line
            )
        }
    }

    private mutating func parseCondition() throws(JinjaError) -> JinjaStatement.Kind {
        var branches: [(JinjaExpression, [JinjaStatement])] = []
        var otherwise: [JinjaStatement] = []
        repeat {
            let test = try parseTuple()
            try endTag()
            branches.append((test, try parseBody(until: ["elif", "else", "endif"])))
        } while takes(name: "elif")
        if takes(name: "else") {
            try endTag()
            otherwise = try parseBody(until: ["endif"])
        }
        take()
        try endTag()
        return .condition(branches.map { (test: $0, body: $1) }, otherwise: otherwise)
    }

    private mutating func parseLoop() throws(JinjaError) -> JinjaStatement.Kind {
        let (names, isTuple) = try parseNames()
        guard takes(name: "in") else { throw failure("'in' is expected, found \(found)") }
        let elements = try parseTuple(withCondition: false)
        let condition = takes(name: "if") ? try parseExpression() : nil
        let isRecursive = takes(name: "recursive")
        try endTag()
        loopDepth += 1
        let body = try parseBody(until: ["else", "endfor"])
        loopDepth -= 1
        var otherwise: [JinjaStatement] = []
        if takes(name: "else") {
            try endTag()
            otherwise = try parseBody(until: ["endfor"])
        }
        take()
        try endTag()
        return .loop(
            JinjaStatement.Loop(
                names: names,
                isTuple: isTuple,
                elements: elements,
                condition: condition,
                isRecursive: isRecursive,
                body: body,
                otherwise: otherwise
            )
        )
    }

    /// Assigned names, in parentheses or not.
    private mutating func parseNames() throws(JinjaError) -> ([String], isTuple: Bool) {
        let isInParentheses = takes("(")
        var names = [try takeTarget()]
        var isTuple = false
        while takes(",") {
            isTuple = true
            guard next.kind == .name, !isNext(name: "in") else { break }
            names.append(try takeTarget())
        }
        if isInParentheses { try require(")") }
        return (names, isTuple)
    }

    private mutating func takeTarget() throws(JinjaError) -> String {
        let name = try takeName()
        guard
            !["true", "false", "none", "True", "False", "None", "in", "not", "and", "or"]
                .contains(name)
        else { throw failure("cannot assign to '\(name)'") }
        return name
    }

    private mutating func parseSet() throws(JinjaError) -> JinjaStatement.Kind {
        let target: JinjaStatement.Target
        if second.kind == .sign, second.text == "." {
            let owner = try takeTarget()
            take()
            target = .member(of: owner, try takeName())
        } else {
            let (names, isTuple) = try parseNames()
            target = .names(names, isTuple: isTuple)
        }
        if takes("=") {
            let value = try parseTuple()
            try endTag()
            return .set(target, value)
        }
        var filters: [JinjaStatement.Filter] = []
        if next.kind == .sign, next.text == "|" { filters = try parseFilters(first: false) }
        return .setBlock(target, filters, try parseBlock(until: "endset"))
    }

    private mutating func parseFilters(first: Bool = true) throws(JinjaError)
        -> [JinjaStatement.Filter]
    {
        var filters: [JinjaStatement.Filter] = []
        if first { filters.append(try parseFilter()) }
        while takes("|") {
            filters.append(try parseFilter())
            try checkChain(filters.count)
        }
        return filters
    }

    private mutating func parseParameters() throws(JinjaError) -> [JinjaStatement.Parameter] {
        var parameters: [JinjaStatement.Parameter] = []
        guard takes("(") else { return [] }
        while !takes(")") {
            if !parameters.isEmpty { try require(",") }
            let name = try takeTarget()
            let fallback = takes("=") ? try parseExpression() : nil
            if fallback == nil, parameters.last?.fallback != nil {
                throw failure("'\(name)' without a default follows one with it")
            }
            parameters.append((name, fallback))
        }
        return parameters
    }

    private mutating func parseMacro() throws(JinjaError) -> JinjaStatement.Kind {
        let name = try takeTarget()
        let parameters = try parseParameters()
        let loops = loopDepth
        loopDepth = 0
        defer { loopDepth = loops }
        return .macro(name, parameters, try parseBlock(until: "endmacro"))
    }

    private mutating func parseCall() throws(JinjaError) -> JinjaStatement.Kind {
        let parameters = try parseParameters()
        let call = try parseExpression()
        guard case .call = call else { throw failure("'call' needs a call") }
        let loops = loopDepth
        loopDepth = 0
        defer { loopDepth = loops }
        return .call(call, parameters, try parseBlock(until: "endcall"))
    }

    private mutating func parseWith() throws(JinjaError) -> JinjaStatement.Kind {
        var variables: [(name: String, value: JinjaExpression)] = []
        while next.kind != .statementEnd {
            if !variables.isEmpty { try require(",") }
            let name = try takeTarget()
            try require("=")
            variables.append((name, try parseExpression()))
        }
        return .with(variables, try parseBlock(until: "endwith"))
    }
}
