package import Basics

/// Why a GGUF file cannot be read, or not as a model.
package struct GGUFError: UserError, Equatable {
    package let path: String
    package let problem: String

    package init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

    package var kind: ErrorKind { .malformedInput }
    package var description: String { "\(path): \(problem)" }
}

/// A ``GGUFError`` before the path is known.
struct GGUFProblem: Error, Equatable {
    let text: String

    init(_ text: String) { self.text = text }
}
