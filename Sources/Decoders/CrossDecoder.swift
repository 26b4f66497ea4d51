internal import Checkpoints
package import Layers
package import Tensors

// B batch, T positions, D and E the hidden sizes of the text and image towers.

/// JAM-Cross (Aiello et al., 2023, section 3.1): two towers that read a document and attend to
/// each other over bridges.
package final class CrossDecoder: LanguageModel {
    private let config: CrossConfig
    private let textEmbedding: Embedding
    private let imageEmbedding: Embedding
    private let text: Tower
    private let image: Tower
    private let bridges: [Bridge]
    /// `nil` where neither the head nor where bridges write depends on them.
    private let places: ImagePlaces?
    private let output: CrossOutput

    /// Declares `towers.text.…`, `towers.image.…`, `bridges.…`, `mixer`, `lm_head`.
    package init(_ config: CrossConfig, _ scope: ParameterScope) throws {
        self.config = config
        let vocabulary = config.text.vocabularySize
        let towers = scope / "towers"
        switch config.embeddings {
        case .shared:
            textEmbedding = try Embedding(
                vocabulary,
                config.text.hiddenSize,
                scope / "embed_tokens"
            )
            imageEmbedding = textEmbedding
        case .perTower:
            textEmbedding = try config.text.embedding(towers / "text")
            imageEmbedding = try config.image.embedding(towers / "image")
        }
        let text = try Tower(config.text, towers / "text")
        let image = try Tower(config.image, towers / "image")
        bridges = try config.bridges.enumerated().map { index, place in
            try Bridge(config, place.direction, text: text, image: image, scope / "bridges" / index)
        }
        (self.text, self.image) = (text, image)
        let needsPlaces = config.head == .seeing || config.writes == .drawn
        precondition(!needsPlaces || config.imageTokens != nil, "image tokens are known")
        places = needsPlaces ? config.imageTokens.map(ImagePlaces.init) : nil
        output = try CrossOutput(
            config,
            tables: (textEmbedding.weight, imageEmbedding.weight),
            scope
        )
    }

    package var head: OutputHead { output.head }

    /// The hidden states [B, T, S] of both towers, as the head reads them.
    package func hiddenStates(_ tokens: TokenRows, cache: KeyValueCache?) -> Tensor {
        let known = cache?.lengths ?? []
        let starts = known.isEmpty ? tokens.counts.map { _ in 0 } : known
        let places = places?(tokens, cache)
        let (x, y) =
            config.treatsTokensAlike
            ? statesOfAll(tokens, cache)
            : statesOfOwn(tokens, from: starts, places, cache)
        cache?.advance(by: tokens.counts)
        return output(x, y, at: places)
    }

    /// Both towers' final hidden states, where all read all tokens.
    private func statesOfAll(_ tokens: TokenRows, _ cache: KeyValueCache?) -> (Tensor, Tensor) {
        let step = DecodingStep(counts: tokens.counts, width: tokens.width, cache: cache)
        let ids = tokens.tensor
        var x = text.input(textEmbedding(ids), step)  // [B, T, D]
        var y = image.input(imageEmbedding(ids), step)  // [B, T, E]
        run { part in
            switch part {
            case .text(let layer): x = text.layer(layer, x, step)
            case .image(let layer): y = image.layer(layer, y, step)
            case .bridge(let bridge): (x, y) = bridge(x, y, step)
            }
        }
        return (text.output(x), image.output(y))
    }

    /// The same, where a tower passes over tokens or bridges attend to some only.
    private func statesOfOwn(
        _ tokens: TokenRows,
        from starts: [Int],
        _ places: [[ImagePlaces.Place]]?,
        _ cache: KeyValueCache?
    ) -> (Tensor, Tensor) {
        cache?.begin(rows: tokens.counts.count)
        let pass = CrossPass(
            tokens,
            from: starts,
            config,
            text: text,
            image: image,
            places,
            cache
        )
        let (ofText, ofImage) = (pass.text, pass.image)
        // [B, U, D] and [B, U, E] with the U tokens that each reads.
        var x = text.input(textEmbedding(ofText.tokens.tensor), ofText.step)
        var y = image.input(imageEmbedding(ofImage.tokens.tensor), ofImage.step)
        run { part in
            switch part {
            case .text(let layer): if !ofText.isEmpty { x = text.layer(layer, x, ofText.step) }
            case .image(let layer):
                if !ofImage.isEmpty { y = image.layer(layer, y, ofImage.step) }
            case .bridge(let bridge): (x, y) = bridge(x, y, pass)
            }
        }
        let states = (
            ofText.spread(text.output(x), by: text), ofImage.spread(image.output(y), by: image)
        )
        pass.advance()
        return states
    }

    private enum Part {
        case text(layer: Int)
        case image(layer: Int)
        case bridge(Bridge)
    }

    /// Runs layers and bridges from the bottom up.
    private func run(_ body: (Part) -> Void) {
        var (textLayer, imageLayer) = (0, 0)
        func run(text textEnd: Int, image imageEnd: Int) {
            for layer in textLayer..<textEnd { body(.text(layer: layer)) }
            for layer in imageLayer..<imageEnd { body(.image(layer: layer)) }
            (textLayer, imageLayer) = (textEnd, imageEnd)
        }
        for (place, bridge) in zip(config.bridges, bridges) {
            run(text: place.text + 1, image: place.image + 1)
            body(.bridge(bridge))
        }
        run(text: text.layerCount, image: image.layerCount)
    }
}
