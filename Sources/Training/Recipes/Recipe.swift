package import Basics

/// A training as a YAML file states it, with paths relative to the working directory.
package protocol Recipe: Sendable {
    /// What recipes of all kinds share.
    var header: RecipeHeader { get }
    /// The optimizer where the recipe does not state it.
    static var defaultOptimizer: OptimizerOptions { get }
    /// Reads the keys that the header does not have.
    init(_ reader: JSONReader, _ header: RecipeHeader) throws(JSONFieldError)

    /// Opens the model and the data, and reports the progress.
    ///
    /// - Throws: what is wrong with any of them, before anything is written; `CancellationError` if
    ///   the task is cancelled.
    func open(onEvent: @escaping TrainingEventHandler) throws -> ResumableRun
}

extension Recipe {
    package static var defaultOptimizer: OptimizerOptions { OptimizerOptions() }

    /// Reads a recipe file with overrides such as `schedule.learning_rate=3e-4`.
    package init(contentsOf path: String, overrides: [String] = []) throws {
        try self.init(YAML.json(contentsOf: path, overrides: overrides), source: path)
    }

    /// Reads a recipe; unknown keys are errors.
    package init(_ json: JSON, source: String) throws {
        guard case .object(let object) = json else { throw RecipeError.notMapping(source: source) }
        let reader = try JSONReader(json, source: source)
        let header = try RecipeHeader(reader, object, optimizer: Self.defaultOptimizer)
        try self.init(reader, header)
        try reader.finish()
    }
}

/// The model that a training starts from.
package enum InitialModel<Sizes: Sendable & Equatable>: Sendable, Equatable {
    /// The model of a folder.
    case folder(String)
    /// A new model of these sizes.
    case new(Sizes)

    /// Reads `from` or `new`.
    init(
        _ reader: JSONReader,
        sizes: (JSONReader) throws(JSONFieldError) -> Sizes
    ) throws(JSONFieldError) {
        if reader.has("from"), reader.has("new") {
            throw reader.failure("new", "a model is either new or from a folder, not both")
        }
        self =
            reader.has("from")
            ? .folder(try reader.string("from")) : .new(try sizes(try reader.nested("new")))
    }
}
