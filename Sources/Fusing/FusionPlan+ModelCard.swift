import Basics
import Vocabulary

extension FusionPlan {
    static let modelCardName = "README.md"

    /// The `README.md` of the fused checkpoint, for people and for the Hub.
    var modelCard: String {
        let (text, image) = (parents.text.name, parents.image.name)
        let (method, space) = (recipe.method, parents.space)
        return """
            ---
            base_model:
              - \(Self.quoted(text))
              - \(Self.quoted(image))
            tags:
              - jam
              - merge
              - multimodal
              - \(method.title.lowercased())
            pipeline_tag: any-to-any
            ---

            # \(method.title) of \(text) and \(image)

            A multimodal model of text and images, fused from a text model and a model of image \
            tokens with `jam fuse \(method.name)`, after *Jointly Training Large Autoregressive \
            Multimodal Models* (Aiello et al., ICLR 2024). It is a start for joint training.

            | part | tensors | parameters | made by |
            |---|---:|---:|---|
            \(lines.map(\.markdown).joined(separator: "\n"))

            T is the text parent's weight, I the image parent's. The vocabulary has \
            \(space.text.count.grouped) text tokens, \(space.specialTokens.count) special tokens \
            and \(space.image.count.grouped) image codes. `jam_manifest.json` has all options and \
            the sizes and digests of the files.

            """ + (notes.isEmpty ? "" : "\n" + notes.map { "- \($0)\n" }.joined())
    }

    /// JSON strings are YAML strings, whatever characters a folder's name has.
    private static func quoted(_ text: String) -> String { JSON.string(text).text() }
}

extension PlanLine {
    fileprivate var markdown: String {
        "| \(group.rawValue) | \(tensorCount) | \(parameterCount.grouped) "
            + "| \(rule.replacing("|", with: "\\|")) |"
    }
}
