import Checkpoints
import Decoders
import Documents
import Generating
import Layers
import Models
import Tensors
import Vision
import Vocabulary

/// Images of gray pixels, usually 2 × 2, each pixel a code of eight levels.
struct GrayTokenizer: ImageTokenizer {
    let grid = GridSize(height: 2, width: 2)
    let pixelsPerCode = 1
    let codeCount = 8

    func encode(_ images: [Image], as grid: GridSize) -> [[Int]] {
        images.map { image in
            let seen = image.covering(width: grid.width, height: grid.height)
            return (0..<grid.count).map { Int(seen.pixels[$0 * 3]) / 32 }
        }
    }

    func decode(_ codes: [[Int]]) -> [Image] { decode(codes, of: grid) }

    func decode(_ codes: [[Int]], of grid: GridSize) -> [Image] {
        codes.map { codes in
            Image(
                width: grid.width,
                height: grid.height,
                pixels: codes.flatMap { Array(repeating: UInt8($0 * 32), count: 3) }
            )
        }
    }
}

/// Kinds of models, with random weights large enough that every part takes part.
enum TinyModel: CaseIterable {
    case llama
    case cross
    /// A text tower that passes over images, with its own head, gates, and bridges to images only.
    case keepingText
    /// Both towers pass over the other modality.
    case readingOwn
    /// Both towers read everything, and bridges attend to the other modality only.
    case attendingForeign
    /// As ``keepingText``, and bridges write to the image tower where images are drawn.
    case writingDrawn

    private static let imageTokensBeforeCodes = 9

    /// The token that begins alternative texts, if the codes are the last tokens.
    static func altText(_ vocabularySize: Int) -> Int {
        vocabularySize - GrayTokenizer().codeCount - imageTokensBeforeCodes
    }

    static func tokenizer() throws -> Tokenizer {
        try BPETrainer().train(
            ["a cat is a small animal that eats mice", "a dog is an animal that barks"],
            vocabularySize: 280,
            imageCodeCount: GrayTokenizer().codeCount
        )
    }

    /// A network; `codes` are the image codes, by default the last tokens.
    func make(vocabularySize: Int, codes: Range<Int>? = nil) throws -> any LanguageModel {
        let codes = codes ?? vocabularySize - GrayTokenizer().codeCount..<vocabularySize
        func tower(_ width: Int, layers: Int, heads: Int, keyHeads: Int) -> TowerConfig {
            TowerConfig(
                vocabularySize: vocabularySize,
                hiddenSize: width,
                layerCount: layers,
                headCount: heads,
                keyValueHeadCount: keyHeads,
                feedForwardSize: 2 * width,
                contextLength: 200
            )
        }
        let text = tower(16, layers: 2, heads: 2, keyHeads: 1)
        var cross = CrossConfig(
            text: text,
            image: tower(24, layers: 3, heads: 3, keyHeads: 3),
            bridges: CrossConfig.bridges(every: 1, text: 2, image: 3),
            norms: .own,
            head: .concatenated,
            embeddings: .perTower
        )
        cross.imageTokens = CrossConfig.ImageTokens(
            ranges: [codes.lowerBound - Self.imageTokensBeforeCodes..<vocabularySize],
            codes: codes,
            altText: self == .writingDrawn ? codes.lowerBound - Self.imageTokensBeforeCodes : nil
        )
        switch self {
        case .llama, .cross: break
        case .keepingText:
            cross.reads.text = .own
            cross.attends.text = .foreign
            cross.gate = .scalar
            cross.head = .seeing
        case .writingDrawn:
            cross.reads.text = .own
            cross.attends.text = .foreign
            cross.writes = .drawn
            cross.head = .seeing
        case .attendingForeign:
            cross.attends = CrossConfig.PerTower(.foreign)
            cross.head = .own
        case .readingOwn:
            cross.reads = CrossConfig.PerTower(.own)
            cross.attends.image = .foreign
            cross.gate = .vector
            cross.bridges = CrossConfig.bridges(
                every: CrossConfig.PerTower(text: 3, image: 1),
                text: 2,
                image: 3
            )
        }
        let (model, store) = try ParameterStore.build(from: InitializationSource(seed: 1)) {
            scope -> any LanguageModel in
            switch self {
            case .llama: try Decoder(text, scope)
            case .cross, .keepingText, .readingOwn, .attendingForeign, .writingDrawn:
                try CrossDecoder(cross, scope)
            }
        }
        let random = RandomSource(seed: 2)
        for parameter in store.parameters
        where parameter.tensor.rank == 2 || parameter.spec.name.hasSuffix("gate") {
            parameter.tensor.copy(from: random.normal(parameter.tensor.shape, std: 0.3))
        }
        return model
    }

    func generator(contextLength: Int = 200) throws -> MultimodalModel {
        let tokenizer = try Self.tokenizer()
        return try MultimodalModel(
            make(vocabularySize: tokenizer.space.count, codes: tokenizer.space.image),
            DocumentTokenizer(tokenizer, GrayTokenizer()),
            contextLength: contextLength
        )
    }
}

/// Questions of unequal length, one with an image and one that is no conversation.
let prompts = [
    Document([.text("a cat", role: .user)]),
    Document([
        .text("what is this animal", role: .user),
        .image(GrayTokenizer().decode([[1, 2, 3, 4]])[0], role: .user),
    ]),
    Document([.text("a dog is an animal that")]),
    Document([]),
]

extension AnswerOptions {
    /// All settings at once.
    init(
        text: Sampling = AnswerOptions(seed: 0).text,
        images: Sampling = AnswerOptions(seed: 0).images,
        guidances: [Guidance] = [.usual],
        imageCount: ClosedRange<Int>,
        maximumTextTokens: Int = 200,
        contextLimit: Int? = nil,
        seed: UInt64
    ) {
        self.init(seed: seed)
        self.text = text
        self.images = images
        (guidance, alternateGuidance) = (guidances[0], guidances.dropFirst().first)
        self.imageCount = imageCount
        self.maximumTextTokens = maximumTextTokens
        self.contextLimit = contextLimit
    }
}
