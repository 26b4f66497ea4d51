import Checkpoints
import Decoders
import Documents
import Layers
import Models
import Tensors
import Vision
import Vocabulary

/// Images of 2 × 2 gray pixels, each pixel a code of eight levels.
struct GrayTokenizer: ImageTokenizer {
    let grid = GridSize(height: 2, width: 2)
    let pixelsPerCode = 1
    let codeCount = 8

    func encode(_ images: [Image], as grid: GridSize) -> [[Int]] {
        images.map { image in (0..<4).map { Int(image.pixels[$0 * 3]) / 32 } }
    }

    func decode(_ codes: [[Int]], of grid: GridSize) -> [Image] { codes.map(Self.image) }

    static func image(_ codes: [Int]) -> Image {
        let pixels = codes.flatMap { Array(repeating: UInt8($0 * 32), count: 3) }
        return Image(width: 2, height: 2, pixels: pixels)
    }
}

/// A small model with weights so large that it is sure of much and mostly wrong.
enum TinyAnswerer {
    static func generator(contextLength: Int = 64, draws: Bool = true) throws -> MultimodalModel {
        let tokenizer = try BPETrainer().train(
            ["a cat is a small animal that eats mice", "a dog is an animal that barks"],
            vocabularySize: 280,
            imageCodeCount: GrayTokenizer().codeCount
        )
        let config = TowerConfig(
            vocabularySize: tokenizer.space.count,
            hiddenSize: 16,
            layerCount: 2,
            headCount: 2,
            keyValueHeadCount: 1,
            feedForwardSize: 32,
            contextLength: contextLength
        )
        let (model, store) = try ParameterStore.build(from: InitializationSource(seed: 1)) {
            try Decoder(config, $0)
        }
        let random = RandomSource(seed: 2)
        for parameter in store.parameters where parameter.spec.shape.count == 2 {
            parameter.tensor.copy(from: random.normal(parameter.spec.shape, std: 0.3))
        }
        return try MultimodalModel(
            model,
            DocumentTokenizer(tokenizer, draws ? GrayTokenizer() : nil),
            contextLength: contextLength
        )
    }
}
