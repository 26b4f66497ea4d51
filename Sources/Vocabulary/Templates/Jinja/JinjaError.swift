/// Why a template cannot be read or rendered, inside the interpreter.
struct JinjaError: Error, Equatable {
    let problem: String
    /// The line of the template, counted from one.
    var line: Int?
    /// Whether the template raised it by `raise_exception`.
    var isRaised = false

    init(_ problem: String, line: Int? = nil) {
        self.problem = problem
        self.line = line
    }
}
