package import Basics

/// Why the weights of a checkpoint are not those of the model that its config describes.
package enum LoadingError: UserError, Equatable {
    case missing(path: String, name: String, shape: [Int])
    case shape(path: String, name: String, found: [Int], expected: [Int])
    /// Two stored weights stand for one of the model.
    case sameName(path: String, stored: [String], name: String)
    case unreadable(path: String, WeightError)
    /// The model does not use weights of the checkpoint.
    case unused(path: String, name: String, count: Int)
    /// The weights are quantized in a way that is not read.
    case quantized(path: String, method: String, name: String)
    /// The tokenizer has more tokens than the tables have rows.
    case tooFewRows(path: String, rows: Int, tokens: Int)

    package var kind: ErrorKind { .malformedInput }

    package var description: String {
        switch self {
        case .missing(let path, let name, let shape):
            "\(path): the weight \"\(name)\" \(shape) is missing, but config.json calls for it"
        case .shape(let path, let name, let found, let expected):
            "\(path): the weight \"\(name)\" has shape \(found); config.json calls for \(expected)"
        case .sameName(let path, let stored, let name):
            "\(path): the weights \(stored.map { "\"\($0)\"" }.joined(separator: " and ")) both stand "
                + "for \"\(name)\"; one of them is expected"
        case .unreadable(let path, let error): "\(path): \(error)"
        case .unused(let path, let name, let count):
            "\(path): config.json does not call for \(count) of the weights, such as \"\(name)\""
        case .quantized(let path, let method, let name):
            "\(path): the weights are quantized with \(method) (\"\(name)\"), which is not read; take "
                + "the unquantized model, or dequantize it in transformers and save it as bfloat16"
        case .tooFewRows(let path, let rows, let tokens):
            "\(path): tokenizer.json has \(tokens) tokens, but the tables have only \(rows) rows; "
                + "use the tokenizer of this model"
        }
    }
}
