internal import Checkpoints
internal import Layers
internal import Tensors

// B rows, T positions, D and E the hidden sizes of the text and image towers, R text tokens, V all.

/// How the hidden states of two towers become logits.
final class CrossOutput {
    let head: OutputHead
    private let mixer: Linear?
    private let gate: Linear?

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

    /// The hidden states [B, T, S] that the head reads, of x [B, T, D] and y [B, T, E] at
    /// `places` among images.
    ///
    /// With weights a and b of the two towers' words, they are x, y, a · x, b · y. In an
    /// alternative text a and b are 1, so that its words are a product of what both towers expect.
    /// They are learned directly behind its image, where the answer ends or goes on, and everywhere
    /// behind an image without such a text. Elsewhere they are 1 and 0: of what was drawn, the text
    /// tower has read what it shows.
    func callAsFunction(_ x: Tensor, _ y: Tensor, at places: [[ImagePlaces.Place]]?) -> Tensor {
        let both = Tensor.concatenated([x, y], along: 2)
        if let mixer { return mixer(both) }
        guard let gate, let places else { return both }
        func flags(_ isTrue: (ImagePlaces.Place) -> Bool) -> Tensor? {
            Self.flags(places, width: x.size(1), isTrue)
        }
        let describes = flags { $0.contains(.describes) }
        let learned = flags(\.weighsWords).map { gate(both) * $0 }
        let textWords = learned.map { x * ($0.narrowed(2, 0..<1) + 1) } ?? x
        let imageWords: Tensor
        switch (learned?.narrowed(2, 1..<2), describes) {
        case (let weight?, let describes?): imageWords = y * (weight + describes)
        case (let weight?, nil), (nil, let weight?): imageWords = y * weight
        case (nil, nil): imageWords = .zeros(y.shape, y.elementType)
        }
        return .concatenated([both, textWords, imageWords], along: 2)
    }

    /// 1 where it is true of a place, 0 elsewhere [B, T, 1]; `nil` for 0 everywhere.
    private static func flags(
        _ places: [[ImagePlaces.Place]],
        width: Int,
        _ isTrue: (ImagePlaces.Place) -> Bool
    ) -> Tensor? {
        guard places.contains(where: { $0.contains(where: isTrue) }) else { return nil }
        let flags = places.flatMap { row -> [Float] in
            row.map { isTrue($0) ? 1 : 0 } + Array(repeating: 0, count: width - row.count)
        }
        return Tensor(flags, [places.count, width, 1])
    }
}

extension CrossConfig {
    /// The number of text tokens, where image tokens follow them all.
    package var textRows: Int { imageTokens?.ranges.first?.lowerBound ?? text.vocabularySize }
}
