package import Basics

/// Why the weights of a checkpoint are not those of the model that its config describes.
package enum LoadingError: UserError, Equatable {
    /// A weight that the model needs is not there.
    case missing(path: String, name: String, shape: [Int])
    /// A weight has another shape.
    case shape(path: String, name: String, found: [Int], expected: [Int])
    /// A weight cannot be read as floats.
    case unreadable(path: String, WeightError)
    /// The checkpoint has weights that the model does not know.
    case leftOver(path: String, name: String, count: Int)
    /// The tokenizer beside the weights has more tokens than the tables have rows.
    case tooFewRows(path: String, rows: Int, tokens: Int)

    package var kind: ErrorKind { .malformedInput }

    /// What was found and what was expected.
    package var description: String {
        switch self {
        case .missing(let path, let name, let shape):
            "\(path): the weight \"\(name)\" \(shape) is missing, but config.json calls for it"
        case .shape(let path, let name, let found, let expected):
            "\(path): the weight \"\(name)\" has shape \(found); config.json calls for \(expected)"
        case .unreadable(let path, let error): "\(path): \(error)"
        case .leftOver(let path, let name, let count):
            "\(path): config.json does not call for \(count) of the weights, such as \"\(name)\""
        case .tooFewRows(let path, let rows, let tokens):
            "\(path): tokenizer.json has \(tokens) tokens, and the tables only \(rows) rows for "
                + "them; put the tokenizer there that belongs to the model"
        }
    }
}
