package import Basics
internal import Training

extension ReportPlan {
    /// Reads a plan from a YAML or JSON file; folders are relative to the working folder.
    ///
    /// ```yaml
    /// models:
    ///   - {name: text, label: text parent, folder: models/dictionary/text, kind: text_parent}
    ///   - {name: cross-2, label: Cross, folder: runs/cross-2/tuned, kind: tuned}
    /// ablations:
    ///   - {variable: bridges, arms: [{label: "2", model: cross-2}]}
    /// ```
    package init(contentsOf path: String) throws {
        let file = try MappedFile(path)
        let text = withExtendedLifetime(file) { String(decoding: file.bytes, as: UTF8.self) }
        try self.init(YAML.json(parsing: text, source: path), source: path)
    }

    /// Reads a plan that came from `source`.
    package init(_ json: JSON, source: String) throws(JSONFieldError) {
        let reader = try JSONReader(json, source: source)
        var models: [Entry] = []
        for entry in try reader.objects("models") {
            models.append(try Self.entry(entry, after: models))
        }
        guard !models.isEmpty else { throw reader.failure("models", "at least one is expected") }
        var ablations: [Ablation] = []
        for ablation in try reader.objects("ablations", default: []) {
            let variable: Variable = try ablation.choice("variable")
            guard !ablations.contains(where: { $0.variable == variable }) else {
                throw ablation.failure("variable", "\(variable.rawValue) stands twice")
            }
            var arms: [Ablation.Arm] = []
            for arm in try ablation.objects("arms") {
                let model = try arm.string("model")
                guard models.contains(where: { $0.name == model }) else {
                    throw arm.failure("model", "there is no \"\(model)\" among the models")
                }
                arms.append(Ablation.Arm(try arm.string("label"), model: model))
            }
            guard !arms.isEmpty else { throw ablation.failure("arms", "at least one is expected") }
            ablations.append(Ablation(variable, arms))
        }
        try reader.finish()
        self.init(models: models, ablations: ablations)
    }

    private static func entry(
        _ reader: JSONReader,
        after earlier: [Entry]
    ) throws(JSONFieldError) -> Entry {
        let name = try reader.string("name")
        let isFileName = name.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
        }
        guard isFileName, !name.isEmpty else {
            throw reader.failure(
                "name",
                "\"\(name)\" names files: only a to z, 0 to 9, - and _ are allowed"
            )
        }
        guard !earlier.contains(where: { $0.name == name }) else {
            throw reader.failure("name", "\"\(name)\" stands twice")
        }
        let kind: Kind = try reader.choice("kind")
        let isParent = kind == .textParent || kind == .imageParent
        if isParent, let other = earlier.first(where: { $0.kind == kind }) {
            throw reader.failure("kind", "\"\(other.name)\" is the \(kind.rawValue) already")
        }
        return Entry(
            name,
            label: try reader.string("label"),
            folder: try reader.string("folder"),
            kind
        )
    }
}
