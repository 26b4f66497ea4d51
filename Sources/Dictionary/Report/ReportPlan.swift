/// Which models a report measures, and what it compares.
package struct ReportPlan: Sendable, Equatable {
    /// What a model was taught, which decides how it is asked.
    package enum Kind: String, Sendable, CaseIterable {
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
    package struct Entry: Sendable, Equatable {
        /// What the plan and files call it.
        package let name: String
        /// What tables call it.
        package let label: String
        /// Its folder; the report says "not run" where there is none.
        package let folder: String
        /// What it was taught.
        package let kind: Kind

        /// Describes a model.
        package init(_ name: String, label: String, folder: String, _ kind: Kind) {
            self.name = name
            self.label = label
            self.folder = folder
            self.kind = kind
        }
    }

    /// What an ablation of the paper varies.
    package enum Variable: String, Sendable, CaseIterable {
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
    package struct Ablation: Sendable, Equatable {
        /// A model, and what it is called among the others.
        package struct Arm: Sendable, Equatable {
            /// The value of what varies.
            package let label: String
            /// The name of the model.
            package let model: String

            /// Describes an arm.
            package init(_ label: String, model: String) {
                self.label = label
                self.model = model
            }
        }

        /// What varies.
        package let variable: Variable
        /// The models in order, at least one.
        package let arms: [Arm]

        /// Describes an ablation.
        package init(_ variable: Variable, _ arms: [Arm]) {
            self.variable = variable
            self.arms = arms
        }
    }

    /// The models in the order of the tables; names stand once, and so do both parents.
    package let models: [Entry]
    /// The ablations, each variable at most once, of models of this plan.
    package let ablations: [Ablation]

    /// Makes a plan that fits together.
    package init(models: [Entry], ablations: [Ablation] = []) {
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
