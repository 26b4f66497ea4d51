import Training
import Vocabulary

extension TrainingExample {
    /// The tokens with moved spans back in their places: the inverse of the CM3 objective.
    ///
    /// Tokens without `<infill>` are returned as they are; `nil` means that masks and spans do not
    /// fit together, as in an answer that a model has not finished.
    static func restored(_ tokens: [TokenID], in space: TokenSpace) -> [TokenID]? {
        guard let infill = tokens.firstIndex(of: space[.infill]) else { return tokens }
        let masks = Dictionary(
            uniqueKeysWithValues: (0..<TokenSpace.SpecialToken.maskCount).map {
                (space[.mask($0)], $0)
            }
        )
        guard tokens.last == space[.end] else { return nil }
        var spans: [[TokenID]] = []
        for token in tokens[(infill + 1)...].dropLast() {
            if let index = masks[token] {
                guard index == spans.count else { return nil }
                spans.append([])
            } else {
                guard !spans.isEmpty else { return nil }
                spans[spans.count - 1].append(token)
            }
        }
        var document: [TokenID] = []
        var filled = 0
        for token in tokens[..<infill] {
            if let index = masks[token] {
                guard index == filled, index < spans.count else { return nil }
                document += spans[index]
                filled += 1
            } else {
                document.append(token)
            }
        }
        return filled == spans.count ? document + [space[.end]] : nil
    }
}
