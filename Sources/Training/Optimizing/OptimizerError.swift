package import Basics

/// Why an optimizer does not fit a model.
package enum OptimizerError: UserError, Equatable {
    /// A learning rate multiplier is negative or not finite.
    case multiplier(prefix: String, found: Double)
    /// No weight has a name with this prefix.
    case prefix(String, examples: [String])
    /// The brackets of a key hold no group of rows.
    case rowGroup(key: String, found: String)
    /// No weight that a key with a group of rows fits is a table or a head.
    case noTable(key: String, tables: [String])
    /// The model has no rows of the group of a key.
    case noRows(key: String, group: RowGroup)
    case allFrozen

    package var kind: ErrorKind { .invalidConfiguration }

    /// What was found, what was expected and what to do.
    package var description: String {
        switch self {
        case .multiplier(let prefix, let found):
            "the learning rate multiplier of \"\(prefix)\" is \(found); zero or more is expected"
        case .prefix(let prefix, let examples):
            "no weight has a name that begins with \"\(prefix)\"; names begin with "
                + examples.prefix(8).map { "\"\($0)\"" }.joined(separator: ", ")
        case .rowGroup(let key, let found):
            "the learning rate multiplier of \(key.quoted()) names \(found.quoted()), which is no "
                + "group of rows; groups are "
                + RowGroup.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        case .noTable(let key, let tables):
            "the learning rate multiplier of \(key.quoted()) is of rows, but no table or head has "
                + "such a name; there are "
                + tables.prefix(8).map { "\"\($0)\"" }.joined(separator: ", ")
        case .noRows(let key, let group):
            "the learning rate multiplier of \(key.quoted()) names no rows: the model has none of "
                + "the group \"\(group.rawValue)\"; leave it out"
        case .allFrozen: "all weights are frozen, so nothing can be trained"
        }
    }
}
