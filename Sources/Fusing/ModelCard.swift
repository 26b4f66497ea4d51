import Basics
import Vocabulary

/// The `README.md` of a fused checkpoint: what it is and what made it, for people and for the Hub.
struct ModelCard {
    static let fileName = "README.md"
    private let plan: FusionPlan

    init(_ plan: FusionPlan) {
        self.plan = plan
    }

    var text: String {
        """
        ---
        base_model:
          - \(quoted(plan.parentNames.text))
          - \(quoted(plan.parentNames.image))
        tags:
          - jam
          - merge
          - multimodal
          - \(plan.recipe.method.title.lowercased())
        pipeline_tag: any-to-any
        ---

        # \(plan.recipe.method.title) of \(plan.parentNames.text) and \(plan.parentNames.image)

        One model of words and images, fused from a text model and a model of image tokens by
        `jam fuse \(plan.recipe.method.name)`, after *Jointly Training Large Autoregressive \
        Multimodal Models* (Aiello et al., ICLR 2024). It is a start for joint training.

        | part | tensors | parameters | made by |
        |---|---:|---:|---|
        \(rows)

        T is the text parent's weight, I the image parent's. The vocabulary has \
        \(plan.tokens.text.count.grouped) text tokens, \(plan.tokens.specialTokens) special tokens and \
        \(plan.tokens.image.count.grouped) image codes. `jam_manifest.json` holds all options, \
        and what the files were and are.

        """ + notes
    }

    private var rows: String {
        plan.lines.map {
            "| \($0.group.rawValue) | \($0.tensorCount) | \($0.parameterCount.grouped) "
                + "| \($0.rule.replacing("|", with: "\\|")) |"
        }.joined(separator: "\n")
    }

    private var notes: String {
        plan.notes.isEmpty ? "" : "\n" + plan.notes.map { "- \($0)" }.joined(separator: "\n") + "\n"
    }

    /// A string of JSON is one of YAML too, whatever characters a folder's name has.
    private func quoted(_ text: String) -> String { JSON.string(text).text() }
}
