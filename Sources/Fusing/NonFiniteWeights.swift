import Synchronization

/// The parents' weights in which a fusion finds NaN or infinity.
final class NonFiniteWeights: Sendable {
    /// Whether the first one ends the fusion.
    private let refuses: Bool
    /// The names of the weights by the path of their parent.
    private let names = Mutex<[String: Set<String>]>([:])

    init(refusing: Bool) { refuses = refusing }

    /// Notes a weight, or refuses it.
    func found(_ name: String, parent: String) throws(FusionError) {
        guard !refuses else { throw .notFinite(name: name, parent: parent) }
        names.withLock { _ = $0[parent, default: []].insert(name) }
    }

    /// A sentence for each parent that has such weights.
    var warnings: [String] {
        names.withLock { $0 }.sorted { $0.key < $1.key }.map { parent, names in
            let first = names.min() ?? ""
            let weights =
                names.count == 1
                ? "the weight \"\(first)\" has"
                : "\(names.count) weights, such as \"\(first)\", have"
            return "\(parent): \(weights) NaN or infinity, and so has what is made of it"
        }
    }
}
