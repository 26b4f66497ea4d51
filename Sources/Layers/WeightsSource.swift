public import Basics
public import Checkpoints
public import Tensors

/// The weights of a checkpoint, strict both ways: nothing missing, nothing left over.
public final class WeightsSource: ParameterSource {
    private let weights: any WeightSource
    private let elementType: ElementType
    private let dropped: (String) -> Bool

    /// Reads weights as `elementType`.
    ///
    /// - Parameters:
    ///   - weights: an opened checkpoint.
    ///   - elementType: what the model computes in, whatever the file holds.
    ///   - dropped: which names of the checkpoint may be left over on purpose.
    public init(
        _ weights: any WeightSource,
        as elementType: ElementType = .float32,
        dropping dropped: @escaping (String) -> Bool = { _ in false }
    ) {
        self.weights = weights
        self.elementType = elementType
        self.dropped = dropped
    }

    /// The weight that `spec` states.
    public func tensor(for spec: ParameterSpec, initially: Initialization) throws -> Tensor {
        guard let entry = weights.entry(spec.name) else {
            throw LoadingError.missing(name: spec.name, shape: spec.shape)
        }
        guard entry.shape == spec.shape else {
            throw LoadingError.shape(name: spec.name, found: entry.shape, expected: spec.shape)
        }
        if FloatFormat(entry.elementType) != nil {
            return try weights.withBytes(of: spec.name) {
                Tensor(bytes: $0, entry.shape, entry.elementType).to(elementType)
            }
        }
        return Tensor(try weights.floats(of: spec.name), entry.shape).to(elementType)
    }

    /// Called when the model is complete.
    public func finish(stated names: Set<String>) throws {
        let leftOver = weights.names.filter { name in
            if names.contains(name) || dropped(name) { return false }
            // The scales of an 8-bit weight were read together with it.
            return !Int8Rows.isScale(name, in: weights)
        }
        if let first = leftOver.first {
            throw LoadingError.leftOver(name: first, count: leftOver.count)
        }
    }
}

/// Why the weights of a checkpoint are not those of the model that its config describes.
public enum LoadingError: UserError, Equatable {
    /// A weight that the model needs is not there.
    case missing(name: String, shape: [Int])
    /// A weight has another shape.
    case shape(name: String, found: [Int], expected: [Int])
    /// The checkpoint has weights that the model does not know.
    case leftOver(name: String, count: Int)

    /// Malformed data.
    public var exitCode: ExitCode { .data }

    /// What was found and what was expected.
    public var description: String {
        switch self {
        case .missing(let name, let shape):
            "the checkpoint lacks the weight \"\(name)\" \(shape) that its config calls for"
        case .shape(let name, let found, let expected):
            "the weight \"\(name)\" has shape \(found); its config calls for \(expected)"
        case .leftOver(let name, let count):
            "the checkpoint has \(count) weight\(count == 1 ? "" : "s") that its config does not "
                + "call for, such as \"\(name)\""
        }
    }
}
