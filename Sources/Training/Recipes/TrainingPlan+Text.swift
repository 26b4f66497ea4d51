public import Vocabulary

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension TrainingPlan {
    /// The plan for a person to read, with the first example as it reaches the loss.
    public func text(_ tokenizer: Tokenizer) -> String {
        var lines: [String] = []
        let all = groups.reduce(0) { $0 + $1.parameterCount }
        lines.append("model     \(grouped(all)) parameters")
        for group in groups {
            let treatment =
                group.rateFactor == 0
                ? "frozen"
                : "rate × \(group.rateFactor), \(group.decays ? "decay \(options.optimizer.decay)" : "no decay")"
            lines.append("            \(grouped(group.parameterCount)): \(treatment)")
        }
        for source in sources {
            lines.append(
                "data      \(source.name): \(grouped(source.documentCount)) documents, "
                    + "\(grouped(source.tokenCount)) tokens, \(percent(source.share)) of the "
                    + "examples, \(rounded(source.epochs)) epochs"
            )
        }
        let schedule = options.schedule
        lines.append(
            "steps     \(grouped(schedule.stepCount)) of \(grouped(options.sizes.tokensPerStep)) "
                + "tokens, in \(rounded(passesPerStep)) passes with \(percent(paddingShare)) padding"
        )
        lines.append(
            "rate      \(schedule.peak) after \(grouped(schedule.warmUpSteps)) steps, then "
                + (schedule.shape == .cosine
                    ? "a cosine down to \(schedule.peak * schedule.floor)" : "constant")
        )
        let shares = LossReport.Modality.allCases.map {
            "\($0.rawValue) \(percent(targetShares[$0] ?? 0))"
        }
        lines.append("targets   \(shares.joined(separator: ", "))")
        lines += warnings(tokenizer.space).map { "warning   \($0)" }
        lines.append("")
        lines.append("the first example, from \(first.source); weight and tokens:")
        lines += first.example.lines(tokenizer).map { "  " + $0 }
        return lines.joined(separator: "\n")
    }

    private func warnings(_ space: TokenSpace) -> [String] {
        var warnings: [String] = []
        if cutShare > 0 {
            warnings.append(
                "\(percent(cutShare)) of the examples are longer than the context of "
                    + "\(options.sizes.contextLength) and lose their end"
            )
        }
        if !space.image.isEmpty, targetShares[.image] == nil {
            warnings.append("no picture is learned, though the vocabulary has pictures")
        }
        if targetShares[.text] == nil { warnings.append("no text is learned") }
        return warnings
    }

    private func grouped(_ number: Int) -> String {
        var text = ""
        for (index, digit) in String(number).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3), digit != "-" { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }

    private func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }

    private func rounded(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
}

extension TrainingExample {
    /// The example to read: a line for each stretch of one weight and one kind.
    public func lines(_ tokenizer: Tokenizer) -> [String] {
        let space = tokenizer.space
        var lines: [String] = []
        var start = 0
        while start < tokens.count {
            let (weight, kind) = (weights[start], space.modality(of: tokens[start]))
            let end =
                (start..<tokens.count).first {
                    weights[$0] != weight || space.modality(of: tokens[$0]) != kind
                } ?? tokens.count
            let stretch = tokens[start..<end]
            let shown: String
            switch kind {
            case .text: shown = "\"\(tokenizer.decode(stretch))\""
            case .image:
                let codes = stretch.prefix(8).map { String($0 - space.image.lowerBound) }
                shown = "\(stretch.count) codes: \(codes.joined(separator: " "))"
                    + (stretch.count > 8 ? " …" : "")
            case .markers:
                shown = stretch.map { tokenizer.spelling(of: $0) ?? "\($0)" }
                    .joined(separator: " ")
            }
            lines.append("\(weight)  \(shown)")
            start = end
        }
        return lines
    }
}
