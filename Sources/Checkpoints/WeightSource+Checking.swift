public import Basics

// A checkpoint has just the weights that its config calls for: nothing missing, nothing left over.

extension WeightSource {
    /// Makes sure that the weights are those of a model, without reading their numbers.
    ///
    /// - Parameters:
    ///   - specs: the weights that the model states.
    ///   - mayLeaveOver: which others may be there.
    /// - Throws: ``LoadingError`` for the first that is missing, misshapen or left over.
    public func check(
        _ specs: [ParameterSpec],
        mayLeaveOver: (String) -> Bool = { _ in false }
    ) throws(LoadingError) {
        for spec in specs { try check(spec) }
        try checkNothingIsLeftOver(besides: Set(specs.map(\.name)), mayLeaveOver: mayLeaveOver)
    }

    /// Makes sure that a weight is there, in its shape, and can be read as floats.
    public func check(_ spec: ParameterSpec) throws(LoadingError) {
        guard let entry = entry(spec.name) else {
            throw .missing(path: path, name: spec.name, shape: spec.shape)
        }
        guard entry.shape == spec.shape else {
            throw .shape(path: path, name: spec.name, found: entry.shape, expected: spec.shape)
        }
        guard FloatFormat(entry.elementType) == nil else { return }
        guard entry.elementType == .int8 else {
            let problem = WeightError.notFloats(name: spec.name, found: entry.elementType)
            throw .unreadable(path: path, problem)
        }
        do {
            _ = try Int8Rows.scalesEntry(of: entry, in: self)
        } catch {
            throw .unreadable(path: path, error)
        }
    }

    /// Makes sure that there are no weights but `names`, and the scales of those in 8 bits.
    public func checkNothingIsLeftOver(
        besides names: Set<String>,
        mayLeaveOver: (String) -> Bool = { _ in false }
    ) throws(LoadingError) {
        let leftOver = self.names.filter { name in
            !names.contains(name) && !mayLeaveOver(name) && !Int8Rows.isScale(name, in: self)
        }
        if let first = leftOver.first {
            throw .leftOver(path: path, name: first, count: leftOver.count)
        }
    }
}

/// Why the weights of a checkpoint are not those of the model that its config describes.
public enum LoadingError: UserError, Equatable {
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

    /// Malformed data.
    public var exitCode: ExitCode { .data }

    /// What was found and what was expected.
    public var description: String {
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
