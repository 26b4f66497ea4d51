internal import Checkpoints
internal import Layers
internal import Tensors

// B rows, T positions, D and E the hidden sizes of the text and image towers, R text tokens, V all.

/// How the hidden states of two towers become logits.
final class CrossOutput {
    let head: OutputHead
    private let mixer: Linear?
    private let gate: Linear?
    private let imageTokens: CrossConfig.ImageTokens?

    /// Declares `mixer` and `lm_head`, and where text tokens have the text tower's own head, what of
    /// both towers' heads is not an input table.
    init(_ config: CrossConfig, tables: (text: Tensor, image: Tensor), _ scope: ParameterScope)
        throws
    {
        let vocabulary = config.text.vocabularySize
        let (textSize, imageSize) = (config.text.hiddenSize, config.image.hiddenSize)
        let width = textSize + imageSize
        mixer = config.head == .mixed ? try Linear(width, textSize, scope / "mixer") : nil
        gate =
            config.head == .seeing
            ? try Linear(
                width,
                2,
                bias: true,
                initially: .constant(0),
                scope / TowerNames.head / "gate"
            ) : nil
        imageTokens = config.head == .seeing ? config.imageTokens : nil
        let textRows = config.head.isTextOwn ? config.textRows : 0
        let shared = try (scope / TowerNames.head).parameter(
            "weight",
            [vocabulary - textRows, mixer == nil ? width : textSize],
            role: .head,
            initially: .normal(std: 0.02)
        )
        guard config.head.isTextOwn, let imageTokens = config.imageTokens else {
            head = OutputHead(
                shared,
                vocabularySize: vocabulary,
                width: mixer == nil ? width : textSize
            )
            return
        }
        /// Text tokens by a tower's own rows for them.
        func block(
            _ tower: TowerConfig,
            _ table: Tensor,
            rows count: Int,
            from column: Int,
            _ scope: ParameterScope
        ) throws -> OutputHead.Block {
            let (rows, columns) = (0..<textRows, column..<column + tower.hiddenSize)
            guard !tower.tiesEmbeddings else {
                return OutputHead.Block(rows: rows, columns: columns, table, 0..<count)
            }
            let weight = try (scope / TowerNames.head).parameter(
                "weight",
                [count, tower.hiddenSize],
                role: .head,
                initially: tower.initialization.table
            )
            return OutputHead.Block(rows: rows, columns: columns, weight, 0..<count)
        }
        let towers = scope / "towers"
        let ofText = max(textRows, config.textHeadRows ?? 0)
        // Behind the states of both towers are those that text tokens read, if they are weighted.
        let weighted = config.head == .seeing ? width : 0
        var blocks = [
            try block(config.text, tables.text, rows: ofText, from: weighted, towers / "text")
        ]
        if config.head == .seeing {
            blocks.append(
                try block(
                    config.image,
                    tables.image,
                    rows: textRows,
                    from: weighted + textSize,
                    towers / "image"
                )
            )
        }
        blocks.append(OutputHead.Block(rows: textRows..<vocabulary, columns: 0..<width, shared))
        head = OutputHead(blocks, vocabularySize: vocabulary, separateCodes: imageTokens.codes)
    }

    /// The hidden states [B, T, S] that the head reads, of x [B, T, D] and y [B, T, E] at `tokens`.
    ///
    /// With weights a and b of the two towers' words, they are x, y, a · x, b · y. Where neither an
    /// image nor the beginning of an alternative text precedes, which the cache remembers, a and b are 1 and 0.
    func callAsFunction(_ x: Tensor, _ y: Tensor, after tokens: TokenRows, _ cache: KeyValueCache?)
        -> Tensor
    {
        let both = Tensor.concatenated([x, y], along: 2)
        if let mixer { return mixer(both) }
        guard let gate else { return both }
        guard let sees = sees(tokens, cache) else {
            return .concatenated([both, x, .zeros(y.shape, y.elementType)], along: 2)
        }
        let gates = gate(both) * sees
        let (ofText, ofImage) = (gates.narrowed(2, 0..<1) + 1, gates.narrowed(2, 1..<2))
        return .concatenated([both, x * ofText, y * ofImage], along: 2)
    }

    /// 1 where an image or the beginning of an alternative text precedes or is at a position, 0
    /// elsewhere [B, T, 1]; `nil` if it is 0 everywhere.
    private func sees(_ tokens: TokenRows, _ cache: KeyValueCache?) -> Tensor? {
        let rows = tokens.counts.indices
        let seen = cache?.marks(of: self, rows: rows.count) ?? rows.map { _ in false }
        var flags: [Float] = []
        for row in rows {
            var sees = seen[row]
            for place in 0..<tokens.width {
                let token = tokens.tokens[row * tokens.width + place]
                sees =
                    sees || place < tokens.counts[row] && imageTokens?.opens(token) == true
                flags.append(sees ? 1 : 0)
            }
        }
        cache?.setMarks(
            of: self,
            rows.map { flags[($0 + 1) * tokens.width - 1] == 1 }
        )
        return flags.contains(1) ? Tensor(flags, [rows.count, tokens.width, 1]) : nil
    }
}

extension CrossConfig {
    /// The number of text tokens, where image tokens follow them all.
    package var textRows: Int { imageTokens?.ranges.first?.lowerBound ?? text.vocabularySize }
}
