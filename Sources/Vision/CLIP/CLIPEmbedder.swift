internal import Basics
internal import Checkpoints
public import Documents
internal import Foundation
internal import Tensors
public import Vocabulary

/// A CLIP model with its tokenizer and its preprocessing of pictures.
///
/// All vectors have length 1.
public final class CLIPEmbedder {
    /// The network.
    public let model: CLIP
    /// What makes tokens of texts.
    public let tokenizer: Tokenizer
    /// What makes pixels of pictures.
    public let preprocessing: CLIPPreprocessing
    /// The SHA-256 of the weights; of those in several files, that of the files' digests in order.
    public let digest: String

    /// How many texts or pictures pass the network together.
    private static let batchSize = 32

    /// Opens a Hugging Face folder: `config.json`, weights, `tokenizer.json`, and
    /// `preprocessor_config.json` or `processor_config.json`.
    ///
    /// - Throws: what is wrong with one of the files, or `VisionError` for a tokenizer that does not
    ///   end texts as the model expects.
    public init(_ path: String) throws {
        let folder = try CheckpointFolder(path)
        let model = try CLIP.open(folder)
        let tokenizer = try Tokenizer(contentsOf: URL(filePath: path))
        try folder.checkRows(model.config.vocabularySize, forTokens: tokenizer.space.count)
        try Self.check(tokenizer, model.config, path)
        preprocessing = try CLIPPreprocessing(of: folder, side: model.config.imageSize)
        digest = try Self.digest(of: folder)
        self.model = model
        self.tokenizer = tokenizer
    }

    /// The tokens of a text with those that begin and end it.
    ///
    /// What is longer than ``CLIPConfig/contextLength`` loses its last words, and not its end.
    public func tokens(of text: String) -> [TokenID] {
        let room = model.config.contextLength - tokenizer.framing([]).count
        return tokenizer.framing(Array(tokenizer.encode(text).prefix(room)))
    }

    /// A vector for each text.
    public func vectors(ofTexts texts: [String]) throws -> [[Float]] {
        try texts.inChunks(of: Self.batchSize) { texts in
            try rows { model.vectors(ofTexts: texts.map(tokens)) }
        }
    }

    /// A vector for each picture.
    public func vectors(ofPictures pictures: [Picture]) throws -> [[Float]] {
        try pictures.inChunks(of: Self.batchSize) { pictures in
            try rows { model.vectors(ofPixels: preprocessing(pictures)) }
        }
    }

    private func rows(_ vectors: () -> Tensor) throws -> [[Float]] {
        try withTorchErrors {
            try withoutGradients {
                let numbers = try vectors().floats()
                return stride(from: 0, to: numbers.count, by: width).map {
                    Array(numbers[$0..<$0 + width])
                }
            }
        }
    }

    /// Refuses a tokenizer whose texts do not end where the model looks.
    private static func check(
        _ tokenizer: Tokenizer,
        _ config: CLIPConfig,
        _ path: String
    ) throws(VisionError) {
        let frame = tokenizer.framing([])
        guard let end = frame.last else {
            throw .unfitTokenizer(path: path, problem: "it puts no token at the end of a text")
        }
        guard frame.count <= config.contextLength else {
            let problem =
                "it puts \(frame.count) tokens around a text that has "
                + "\(config.contextLength) at most"
            throw .unfitTokenizer(path: path, problem: problem)
        }
        if config.endToken != CLIPConfig.legacyEndToken {
            guard end == config.endToken else {
                let problem =
                    "it ends texts with the token \(end), but eos_token_id is "
                    + "\(config.endToken)"
                throw .unfitTokenizer(path: path, problem: problem)
            }
        } else {
            guard end >= tokenizer.space.text.ranges.last?.upperBound ?? 0 else {
                let problem =
                    "it ends texts with the token \(end), but with an eos_token_id of "
                    + "\(config.endToken) the highest id ends them"
                throw .unfitTokenizer(path: path, problem: problem)
            }
        }
    }

    private static func digest(of folder: CheckpointFolder) throws -> String {
        var digests: [String] = []
        for name in folder.weightFiles {
            guard let file = try folder.file(name) else {
                throw FileError.missing(path: folder.path + "/" + name)
            }
            digests.append(try SHA256.hex(of: file))
        }
        guard digests.count != 1 else { return digests[0] }
        return Array(digests.joined().utf8).withUnsafeBytes { SHA256.hex(of: $0) }
    }
}
