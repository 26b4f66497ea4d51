package import Basics
import Training

/// Which models a report measures, and what it compares.
///
/// ```yaml
/// models:
///   - {name: text, label: text parent, folder: models/dictionary/text, kind: text_parent}
///   - {name: cross-2, label: Cross, folder: runs/cross-2/model, kind: tuned}
/// ablations:
///   - {variable: bridges, arms: [{label: "2", model: cross-2}]}
/// ```
package struct ReportPlan: Sendable {
    /// What a model was trained on, which decides how it is prompted.
    package enum Kind: String, Sendable, CaseIterable {
        /// Definitions, no images; it is not asked to draw.
        case textParent = "text_parent"
        /// Captioned images; it is prompted by captions.
        case imageParent = "image_parent"
        /// Fused, perhaps trained jointly; it is prompted like its parents.
        case fused
        /// Tuned on conversations; it is prompted by a user's questions.
        case tuned
    }

    package struct Entry: Sendable {
        /// Unique in the plan, and a file name.
        package let name: String
        /// What tables call it.
        package let label: String
        /// Its folder; where there is none, the report says "not run".
        package let folder: String
        package let kind: Kind
    }

    /// What an ablation varies.
    package enum Variable: String, Sendable, CaseIterable {
        /// Uniform, Width and Cross.
        case methods
        /// How many layers lie between the bridges of a Cross model.
        case bridges
        /// What initializes the off-diagonal blocks of a Width model.
        case offDiagonal = "off_diagonal"
        /// Whether captioned images are mixed into instruction tuning.
        case replay

        var title: String {
            switch self {
            case .methods: "Fusion method"
            case .bridges: "Cross: layers between bridges"
            case .offDiagonal: "Width: initialization of the off-diagonal blocks"
            case .replay: "Instruction tuning with and without replay"
            }
        }
    }

    /// Models that differ in one variable.
    package struct Ablation: Sendable {
        package struct Arm: Sendable {
            /// The value of the variable.
            package let label: String
            /// The name of the model.
            package let model: String
        }

        package let variable: Variable
        package let arms: [Arm]
    }

    /// The models in the order of the tables; each parent at most once.
    package let models: [Entry]
    /// Each variable at most once.
    package let ablations: [Ablation]

    func parent(_ kind: Kind) -> Entry? { models.first { $0.kind == kind } }
}

extension ReportPlan {
    /// Reads a YAML or JSON file; folders in it are relative to the working folder.
    package init(contentsOf path: String) throws {
        let file = try MappedFile(path)
        let text = withExtendedLifetime(file) { String(decoding: file.bytes, as: UTF8.self) }
        try self.init(YAML.json(parsing: text, source: path), source: path)
    }

    /// Reads a plan that comes from `source`.
    package init(_ json: JSON, source: String) throws(JSONFieldError) {
        let reader = try JSONReader(json, source: source)
        var models: [Entry] = []
        for entry in try reader.objects("models") {
            models.append(try Entry(entry, after: models))
        }
        guard !models.isEmpty else { throw reader.failure("models", "at least one is expected") }
        var ablations: [Ablation] = []
        for ablation in try reader.objects("ablations", default: []) {
            let variable: Variable = try ablation.choice("variable")
            guard !ablations.contains(where: { $0.variable == variable }) else {
                throw ablation.failure("variable", "duplicate \(variable.rawValue)")
            }
            var arms: [Ablation.Arm] = []
            for arm in try ablation.objects("arms") {
                let model = try arm.string("model")
                guard models.contains(where: { $0.name == model }) else {
                    throw arm.failure("model", "there is no \"\(model)\" among the models")
                }
                arms.append(Ablation.Arm(label: try arm.string("label"), model: model))
            }
            guard !arms.isEmpty else { throw ablation.failure("arms", "at least one is expected") }
            ablations.append(Ablation(variable: variable, arms: arms))
        }
        try reader.finish()
        self.init(models: models, ablations: ablations)
    }
}

extension ReportPlan.Entry {
    fileprivate init(_ reader: JSONReader, after earlier: [Self]) throws(JSONFieldError) {
        name = try reader.string("name")
        guard name.wholeMatch(of: /[a-z0-9_\-]+/) != nil else {
            throw reader.failure(
                "name",
                "\"\(name)\" names files: only a to z, 0 to 9, - and _ are allowed"
            )
        }
        kind = try reader.choice("kind")
        label = try reader.string("label")
        folder = try reader.string("folder")
        for other in earlier {
            guard other.name != name else { throw reader.failure("name", "duplicate \"\(name)\"") }
            guard kind == .fused || kind == .tuned || other.kind != kind else {
                throw reader.failure("kind", "\"\(other.name)\" is the \(kind.rawValue) already")
            }
        }
    }
}
