import Basics

// A checkpoint has just the weights that its config calls for: nothing missing, nothing left over.

extension WeightSource {
    /// Makes sure that the weights are those of a model, without reading their numbers.
    ///
    /// - Parameters:
    ///   - specs: the weights that the model states.
    ///   - isAllowed: which unused weights may be there as well.
    /// - Throws: ``LoadingError`` for the first that is missing, misshapen or left over.
    package func check(
        _ specs: [ParameterSpec],
        allowingUnused isAllowed: (String) -> Bool = { _ in false }
    ) throws(LoadingError) {
        for spec in specs { try check(spec) }
        try checkNothingIsLeftOver(besides: Set(specs.map(\.name)), allowingUnused: isAllowed)
    }

    /// Makes sure that a weight is there, in its shape, and can be read as floats.
    package func check(_ spec: ParameterSpec) throws(LoadingError) {
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
    package func checkNothingIsLeftOver(
        besides names: Set<String>,
        allowingUnused isAllowed: (String) -> Bool = { _ in false }
    ) throws(LoadingError) {
        let leftOver = self.names.filter { name in
            !names.contains(name) && !isAllowed(name) && !Int8Rows.isScale(name, in: self)
        }
        if let first = leftOver.first {
            throw .leftOver(path: path, name: first, count: leftOver.count)
        }
    }
}

extension CheckpointFolder {
    /// Makes sure that the tables have a row for each of the tokens of the tokenizer beside them.
    package func checkRows(_ rows: Int, forTokens tokens: Int) throws(LoadingError) {
        guard tokens <= rows else { throw .tooFewRows(path: path, rows: rows, tokens: tokens) }
    }
}
