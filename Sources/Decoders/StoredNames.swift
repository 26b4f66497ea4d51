/// The names of a tower's weights as checkpoints store them, and those that the tower declares.
///
/// A base model is saved without `model.`, a text model within another one with a longer prefix, such
/// as `language_model.model.`. Where all but the head stays the same, the prefix is found by the input
/// table. A tied checkpoint may store its table as the head only.
struct StoredNames {
    private let canonicalRoot: String
    /// The stored root with its point; `nil` if names stay.
    private var storedRoot: String?
    private var storedHead: String?
    private var tableForHead: String?
    private let isAuxiliary: @Sendable (String) -> Bool

    init(_ names: [String], of config: TowerConfig) {
        canonicalRoot = config.names.root + "."
        isAuxiliary = { config.isAuxiliary($0) }
        guard !names.contains(config.tableName) else { return }
        let heads = names.filter { Self.ends($0, with: TowerConfig.untiedHeadName) }
        if heads.count == 1, heads[0] != TowerConfig.untiedHeadName { storedHead = heads[0] }
        let table = "\(config.names.table).weight"
        let tables = names.filter { Self.ends($0, with: table) }
        if tables.count == 1 {
            storedRoot = String(tables[0].dropLast(table.count))
        } else if tables.isEmpty, heads.count == 1, config.tiesEmbeddings {
            tableForHead = config.tableName
        }
    }

    private static func ends(_ name: String, with part: String) -> Bool {
        name == part || name.hasSuffix("." + part)
    }

    /// The declared name of a stored weight.
    func callAsFunction(_ name: String) -> String {
        if name == storedHead || name == TowerConfig.untiedHeadName {
            return tableForHead ?? TowerConfig.untiedHeadName
        }
        guard let storedRoot, !isAuxiliary(name) else { return name }
        if name.hasPrefix(storedRoot) { return canonicalRoot + name.dropFirst(storedRoot.count) }
        return isAuxiliary("model." + name) ? "model." + name : name
    }
}
