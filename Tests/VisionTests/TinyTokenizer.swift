import Basics
import Documents
import Layers
import Vision

/// The config of the golden fixture: 16 × 16 pixels as 4 × 4 of 16 codes.
func tinyConfig() -> ConvVQConfig {
    ConvVQConfig(
        imageSize: 16,
        patchSize: 2,
        encoder: [.init(channels: 8, blocks: 1), .init(channels: 12, blocks: 1)],
        decoder: [.init(channels: 8, blocks: 1), .init(channels: 16, blocks: 1)],
        normGroups: 4,
        codeCount: 16,
        codeWidth: 6
    )
}

/// An untrained tokenizer and its store.
func tinyTokenizer(seed: UInt64 = 1) throws -> (model: ConvVQTokenizer, store: ParameterStore) {
    let config = tinyConfig()
    return try ParameterStore.build(from: InitializationSource(seed: seed)) {
        try ConvVQTokenizer(config, $0)
    }
}

/// Squares of random colors on random plain backgrounds.
func squares(_ count: Int, side: Int = 16, seed: UInt64 = 3) -> [Image] {
    var random = SeededGenerator(seed: seed)
    func color() -> Color {
        Color(UInt32.random(in: 0..<1 << 24, using: &random))
    }
    return (0..<count).map { _ in
        var image = Image(width: side, height: side, fill: color())
        let half = side / 2
        let x = Int.random(in: 0...half, using: &random)
        let y = Int.random(in: 0...half, using: &random)
        image.fill(x: x, y: y, width: half, height: half, color())
        return image
    }
}
