/// Which models a report measures, and what it compares.
public struct ReportPlan: Sendable, Equatable {
    /// What a model was taught, which decides how it is asked.
    public enum Kind: String, Sendable, CaseIterable {
        /// It has read definitions and seen no image, and is not asked for any.
        case textParent = "text_parent"
        /// It continues a short caption with its image.
        case imageParent = "image_parent"
        /// Fused, perhaps trained jointly: it is asked as each of its parents.
        case fused
        /// Tuned on conversations: it is asked by the user of a conversation.
        case tuned
    }

    /// A model.
    public struct Entry: Sendable, Equatable {
        /// What the plan and files call it.
        public let name: String
        /// What tables call it.
        public let label: String
        /// Its folder; the report says "not run" where there is none.
        public let folder: String
        /// What it was taught.
        public let kind: Kind

        /// Describes a model.
        public init(_ name: String, label: String, folder: String, _ kind: Kind) {
            self.name = name
            self.label = label
            self.folder = folder
            self.kind = kind
        }
    }

    /// What an ablation of the paper varies.
    public enum Variable: String, Sendable, CaseIterable {
        /// Uniform, Width and Cross.
        case methods
        /// After how many layers a Cross model has a bridge.
        case bridges
        /// What fills the off-diagonal blocks of a Width model.
        case offDiagonal = "off_diagonal"
        /// Whether captioned images are mixed into instruction tuning.
        case replay
    }

    /// Models that differ in one thing.
    public struct Ablation: Sendable, Equatable {
        /// A model, and what it is called among the others.
        public struct Arm: Sendable, Equatable {
            /// The value of what varies.
            public let label: String
            /// The name of the model.
            public let model: String

            /// Describes an arm.
            public init(_ label: String, model: String) {
                self.label = label
                self.model = model
            }
        }

        /// What varies.
        public let variable: Variable
        /// The models in order, at least one.
        public let arms: [Arm]

        /// Describes an ablation.
        public init(_ variable: Variable, _ arms: [Arm]) {
            self.variable = variable
            self.arms = arms
        }
    }

    /// The models in the order of the tables; names stand once, and so do both parents.
    public let models: [Entry]
    /// The ablations, each variable at most once, of models of this plan.
    public let ablations: [Ablation]

    /// Makes a plan that fits together.
    public init(models: [Entry], ablations: [Ablation] = []) {
        let names = Set(models.map(\.name))
        precondition(names.count == models.count, "two models of one name")
        precondition(ablations.allSatisfy { $0.arms.allSatisfy { names.contains($0.model) } })
        self.models = models
        self.ablations = ablations
    }

    /// The parent of a kind, if the plan has it.
    func parent(_ kind: Kind) -> Entry? { models.first { $0.kind == kind } }
}

extension ReportPlan.Variable {
    /// What stands over the plot.
    var title: String {
        switch self {
        case .methods: "Fusion method"
        case .bridges: "Cross: layers from bridge to bridge"
        case .offDiagonal: "Width: what fills the off-diagonal blocks"
        case .replay: "Instruction tuning with and without replay"
        }
    }
}
