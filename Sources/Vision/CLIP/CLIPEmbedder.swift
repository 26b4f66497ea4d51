internal import Basics
internal import Checkpoints
package import Documents
internal import Tensors
internal import Vocabulary

/// A CLIP model with its tokenizer and its preprocessing of images.
///
/// All vectors have length 1.
package final class CLIPEmbedder {
    /// The network, what makes tokens of texts, and what makes pixels of images.
    package let clip: CLIPFolder
    /// The SHA-256 of all that vectors follow from: weights, sizes, preprocessing and tokenizer.
    package let digest: String

    private let path: String

    /// How many texts or images pass the network together.
    private static let batchSize = 32

    /// Opens a Hugging Face folder: `config.json`, weights, `tokenizer.json`, and
    /// `preprocessor_config.json` or `processor_config.json`.
    ///
    /// - Throws: what is wrong with one of the files, or `VisionError` for a tokenizer that does not
    ///   end texts as the model expects.
    package init(_ path: String) throws {
        let folder = try CheckpointFolder(path)
        clip = try CLIPFolder(opening: folder)
        digest = try Self.digest(of: folder, clip)
        self.path = path
    }

    /// A vector for each text.
    package func vectors(ofTexts texts: [String]) throws -> [[Float]] {
        try texts.inChunks(of: Self.batchSize) { texts in
            try rows { clip.model.vectors(ofTexts: texts.map(clip.tokens)) }
        }
    }

    /// A vector for each image.
    package func vectors(ofImages images: [Image]) throws -> [[Float]] {
        try images.inChunks(of: Self.batchSize) { images in
            try rows { clip.model.vectors(ofPixels: clip.preprocessing(images)) }
        }
    }

    private func rows(_ vectors: () -> Tensor) throws -> [[Float]] {
        try withTorchErrors {
            try withoutGradients {
                let numbers = try vectors().floats()
                guard numbers.allSatisfy(\.isFinite) else {
                    throw VisionError.vectorsNotFinite(path: path)
                }
                return stride(from: 0, to: numbers.count, by: width).map {
                    Array(numbers[$0..<$0 + width])
                }
            }
        }
    }

    /// The SHA-256 of all that vectors follow from.
    private static func digest(of folder: CheckpointFolder, _ clip: CLIPFolder) throws -> String {
        var parts = try folder.weightFiles.map { name in
            guard let file = try folder.file(name) else {
                throw FileError.missing(path: folder.path + "/" + name)
            }
            return try SHA256.hex(of: file)
        }
        parts += [clip.model.config.json, clip.preprocessing.json, clip.tokenizer.json]
            .map { $0.text() }
        return Array(parts.joined(separator: "\n").utf8).withUnsafeBytes { SHA256.hex(of: $0) }
    }
}
