package import Basics

/// Why a file is not a valid safetensors file, or a weight could not be written to one.
package struct SafetensorsError: UserError, Equatable {
    /// What is wrong.
    package enum Problem: Error, Equatable {
        /// The file is malformed or of another format.
        case malformed(String)
        /// The number of bytes of a shape does not fit 64 bits.
        case shapeOverflow(name: String, shape: [Int])
        /// Weights were declared but never written.
        case unwritten(names: [String])
    }

    package let path: String
    package let problem: Problem

    package init(path: String, problem: Problem) {
        self.path = path
        self.problem = problem
    }

    package var kind: ErrorKind {
        if case .unwritten = problem { .internalFailure } else { .malformedInput }
    }

    package var description: String {
        switch problem {
        case .malformed(let text): "\(path): \(text)"
        case .shapeOverflow(let name, let shape):
            "\(path): the weight \"\(name)\": the shape \(shape) is larger than any file"
        case .unwritten(let names):
            "\(path): \(names.count) declared weights were not written, first "
                + "\"\(names.first ?? "")\""
        }
    }
}
