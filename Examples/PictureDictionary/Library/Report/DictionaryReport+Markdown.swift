import Evaluating
import Generating

extension DictionaryReport {
    /// The table, how to read it, the ablations with their plots, and the contact sheet.
    func markdown(date: String, _ sheet: ContactSheet?, rows: [String]) -> String {
        var parts = ["# The picture dictionary, measured on \(date)\n", table.markdown]
        if plan.models.contains(where: { $0.kind == .tuned }) { parts.append(askedTable.markdown) }
        parts.append(method)
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
        if let sheet {
            parts.append(
                "## What they drew\n\n![What the models drew](\(ContactSheet.file))\n\n"
                    + "From the top: \((["reference"] + rows).joined(separator: "; ")).\n\n"
                    + "From the left: \(sheet.names).\n"
            )
        }
        return parts.joined(separator: "\n")
    }

    private var method: String {
        """
        ## How to read it

        - **right image**: each of \(conceptCount) held-out concepts is drawn once: a tuned model is \
        asked to "Draw a cat.", the others continue the caption "a cat" and the start of an image. \
        The drawn image is compared with the reference images of all concepts, \(answerCount) \
        answers that can be told apart; chance is \(Figure.chance(of: answerCount)). \
        \(options.guidance.summary.capitalizedFirst), \(sampling), seed \(options.seed).
        - **top 1 in explanations**: the same for the image that begins a tuned model's answer to \
        "What is a cat?", for the \(definitionCount) held-out concepts that have a definition.
        - **held-out wordings**: the same again for \(Wordings.draw.heldOut.count) other ways to ask \
        for a drawing and \(Wordings.define.heldOut.count) to ask for an explanation, such as \
        "\(Wordings.draw.heldOut[0].text(Self.cat))" and \
        "\(Wordings.define.heldOut[0].text(Self.cat))", none of them in a training conversation.
        - **second turn**: "Draw a cat." again, after the question "What is a dog?" about another \
        thing and its reference answer.
        - **definition perplexity**: for the same \(definitionCount) concepts. The same tokens \
        count for every model: in "A cat is a feline mammal." those of " a feline mammal.". A tuned \
        model reads the question "What is a cat?", the right image and "A cat is" before them; the \
        others read "A cat is", as in the text parent's training data. In the column "as prose" all \
        models do.
        - **prose loss**: nats per text token, on the held-out concepts' sentences and \
        \(options.sampleSize) documents of the text parent's training data; **forgotten** is the \
        increase over the text parent.
        - **image code loss**: nats per code after the caption, on the held-out concepts' images \
        and \(options.sampleSize) of the image parent's training data; **forgotten** is the \
        increase over the image parent.
        - Both parents were trained on the held-out concepts, each in its own modality, and tuning \
        replays that data; no conversation covers them.

        """
    }

    private static let cat = Wording.Subject(NounPhrase("cat", .count))

    private var sampling: String {
        switch options.sampling {
        case .greedy: "greedy decoding"
        case .sampled(let temperature, let topP): "temperature \(temperature), top-p \(topP)"
        }
    }
}

extension Figure {
    /// The accuracy of guessing among `count` answers.
    static func chance(of count: Int) -> String { Figure.percent.text(1 / Double(max(1, count))) }
}
