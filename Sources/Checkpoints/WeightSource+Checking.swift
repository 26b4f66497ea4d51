import Basics

// A checkpoint has exactly the weights that its config calls for: none missing, none unused.

extension WeightSource {
    /// Checks that the weights are those of a model, without reading their values.
    ///
    /// - Parameters:
    ///   - specs: the weights of the model.
    ///   - isAllowed: which unused weights may be there as well.
    /// - Throws: ``LoadingError`` for the first that is missing, unused or has another shape.
    package func check(
        _ specs: [ParameterSpec],
        allowingUnused isAllowed: (String) -> Bool = { _ in false }
    ) throws(LoadingError) {
        for spec in specs { try check(spec) }
        try checkNothingIsUnused(besides: Set(specs.map(\.name)), allowingUnused: isAllowed)
    }

    /// Checks that a weight is there, has its shape, and can be read as floats.
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

    /// Checks that there are no weights but `names` and the scales of those in 8 bits.
    package func checkNothingIsUnused(
        besides names: Set<String>,
        allowingUnused isAllowed: (String) -> Bool = { _ in false }
    ) throws(LoadingError) {
        let unused = self.names.filter { name in
            !names.contains(name) && !isAllowed(name) && !Int8Rows.isScale(name, in: self)
        }
        if let first = unused.first {
            throw .unused(path: path, name: first, count: unused.count)
        }
    }
}

extension CheckpointFolder {
    /// Checks that the tables have a row for each token of the tokenizer.
    package func checkRows(_ rows: Int, forTokens tokens: Int) throws(LoadingError) {
        guard tokens <= rows else { throw .tooFewRows(path: path, rows: rows, tokens: tokens) }
    }
}
