/// An expression of a template.
indirect enum JinjaExpression {
    case literal(JinjaValue)
    case name(String)
    case list([JinjaExpression], isTuple: Bool)
    case dictionary([(key: JinjaExpression, value: JinjaExpression)])
    case attribute(JinjaExpression, String)
    case item(JinjaExpression, JinjaExpression)
    case slice(
        JinjaExpression,
        from: JinjaExpression?,
        to: JinjaExpression?,
        step: JinjaExpression?
    )
    case call(JinjaExpression, JinjaArguments)
    case filter(JinjaExpression, String, JinjaArguments)
    case test(JinjaExpression, String, JinjaArguments, isNegated: Bool)
    case unary(JinjaUnary, JinjaExpression)
    case binary(JinjaExpression, JinjaBinary, JinjaExpression)
    case comparison(JinjaExpression, [(JinjaComparison, JinjaExpression)])
    case concatenation([JinjaExpression])
    case and(JinjaExpression, JinjaExpression)
    case or(JinjaExpression, JinjaExpression)
    case condition(JinjaExpression, then: JinjaExpression, otherwise: JinjaExpression?)
}

struct JinjaArguments {
    var positional: [JinjaExpression] = []
    var named: [(name: String, value: JinjaExpression)] = []
    /// More positional arguments, as `*list`.
    var spread: JinjaExpression?
    /// More named arguments, as `**dictionary`.
    var namedSpread: JinjaExpression?
}

/// A prefix operator.
enum JinjaUnary { case not, minus, plus }

/// An infix operator.
enum JinjaBinary: String {
    case plus = "+"
    case minus = "-"
    case times = "*"
    case dividedBy = "/"
    case dividedWhole = "//"
    case remainder = "%"
    case power = "**"
}

/// A comparison of two operands.
enum JinjaComparison: String {
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case isIn = "in"
    case isNotIn = "not in"
}

/// A statement of a template, with its line.
struct JinjaStatement {
    /// The target of an assignment.
    enum Target {
        case names([String], isTuple: Bool)
        case member(of: String, String)
    }

    struct Loop {
        let names: [String]
        let isTuple: Bool
        let elements: JinjaExpression
        let condition: JinjaExpression?
        let isRecursive: Bool
        let body: [JinjaStatement]
        let otherwise: [JinjaStatement]
    }

    /// A filter applied to a block.
    typealias Filter = (name: String, arguments: JinjaArguments)
    typealias Parameter = (name: String, fallback: JinjaExpression?)

    indirect enum Kind {
        case text(String)
        case output(JinjaExpression)
        case condition(
            [(test: JinjaExpression, body: [JinjaStatement])],
            otherwise: [JinjaStatement]
        )
        case loop(Loop)
        case goOn
        case stop
        case set(Target, JinjaExpression)
        case setBlock(Target, [Filter], [JinjaStatement])
        case filterBlock([Filter], [JinjaStatement])
        case with([(name: String, value: JinjaExpression)], [JinjaStatement])
        case macro(String, [Parameter], [JinjaStatement])
        case call(JinjaExpression, [Parameter], [JinjaStatement])
        case generation([JinjaStatement])
    }

    let kind: Kind
    let line: Int
}

/// A parsed template, immutable.
///
/// `@unchecked`: its literals are `JinjaValue`s, and the parser makes none with references.
struct JinjaTemplate: @unchecked Sendable {
    let statements: [JinjaStatement]
    /// Whether a `generation` block marks what the assistant says.
    let hasGenerations: Bool
}
