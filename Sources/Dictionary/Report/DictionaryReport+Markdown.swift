internal import Evaluating
internal import Generating
internal import Models

extension DictionaryReport {
    /// The report for people: the table, how to read it, and the ablations with their plots.
    package func markdown(date: String) -> String {
        var parts = ["# The picture dictionary, measured on \(date)\n", table.markdown, method]
        if !missing.isEmpty {
            let lines = missing.map { "- \($0.label): there is no folder `\($0.folder)`\n" }
            parts.append("## Not run\n\n" + lines.joined())
        }
        if !plan.ablations.isEmpty {
            parts.append("## Ablations\n\nOne seed each, so small differences mean nothing.\n")
        }
        for ablation in plan.ablations {
            let title = ablation.variable.title
            parts.append(
                "### \(title)\n\n![\(title)](\(ablation.plotFile))\n\n"
                    + table(of: ablation).markdown
            )
        }
        if let sheet = ContactSheet(self) {
            parts.append(
                "## What they drew\n\n![What the models drew](\(ContactSheet.file))\n\n"
                    + "From the top: \(sheet.labels.joined(separator: "; ")).\n\n"
                    + "From the left: \(sheet.names.joined(separator: ", ")).\n"
            )
        }
        return parts.joined(separator: "\n")
    }

    private var contrast: String {
        let summary = options.drawing.guidances.map(\.summary).joined(separator: " and ")
        return summary.prefix(1).uppercased() + summary.dropFirst()
    }

    private var method: String {
        let chance = Figure.percent.text(1 / Double(max(1, counts.answers)))
        return """
            ## How to read it

            - **right image**: each of \(counts.concepts) held-out concepts is asked for once: of a \
            tuned model by "Draw a cat.", of the others by the caption "a cat" and the beginning of \
            an image. The drawn image is compared with those of all concepts, \
            \(counts.answers) answers that can be told apart; guessing is right in \(chance). \
            \(contrast), \(sampling), seed \(options.drawing.seed).
            - **first, in explanations**: the same for the image with which a tuned model is made \
            to begin its answer to "What is a cat?", of the \(counts.definitions) held-out concepts \
            that have a definition.
            - **definition perplexity**: of \(counts.definitions) held-out concepts. The same tokens \
            count for every model: in "A cat is a feline mammal." those of " a feline mammal.". A \
            tuned model reads the question "What is a cat?", the right image and the words "A cat \
            is" before them; the others read "A cat is" as the text parent's corpus has it, and so do \
            all models in the column "the same as prose".
            - **loss of prose**: nats a text token, on the held-out concepts' sentences and \
            \(options.sampleSize) documents of the text parent's corpus; **forgotten** is how much \
            more that is than the text parent's.
            - **loss of an image's code**: nats a code after the caption, on the held-out concepts' \
            images and \(options.sampleSize) of the image parent's corpus; **forgotten** is how \
            much more that is than the image parent's.
            - Both parents have met the held-out concepts, each in its own way, and tuning replays \
            what they have read and seen; no conversation tells of them.

            """
    }

    private var sampling: String {
        switch options.drawing.images {
        case .greedy: "the most probable code each time"
        case .sampled(let temperature, let topP): "temperature \(temperature), top-p \(topP)"
        }
    }
}
