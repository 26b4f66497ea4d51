internal import Basics
internal import Checkpoints
package import Documents
internal import Tensors
internal import Vocabulary

/// A CLIP model with its tokenizer and preprocessing; all embeddings have length 1.
package final class CLIPEmbedder {
    package let clip: CLIPFolder
    /// The SHA-256 of all that determines embeddings: weights, config, preprocessing and tokenizer.
    package let digest: String

    private let path: String

    /// The number of texts or images per forward pass.
    private static let batchSize = 32

    /// Opens a Hugging Face folder: `config.json`, weights, `tokenizer.json`, and
    /// `preprocessor_config.json` or `processor_config.json`.
    package init(_ path: String) throws {
        let folder = try CheckpointFolder(path)
        clip = try CLIPFolder(opening: folder)
        digest = try Self.digest(of: folder, clip)
        self.path = path
    }

    package func embeddings(ofTexts texts: [String]) throws -> [[Float]] {
        try texts.inChunks(of: Self.batchSize) { texts in
            try rows { clip.model.embeddings(ofTexts: texts.map(clip.tokens)) }
        }
    }

    package func embeddings(ofImages images: [Image]) throws -> [[Float]] {
        try images.inChunks(of: Self.batchSize) { images in
            try rows { clip.model.embeddings(ofPixels: clip.preprocessing(images)) }
        }
    }

    /// The mean cosine similarity of each list of images to a text, for re-ranking candidates (CM3Leon,
    /// section 2.3); `nil` for a list without images.
    package func fits(of lists: [[Image]], to text: String) throws -> [Float?] {
        let words = try embeddings(ofTexts: [text])[0]
        var vectors = try embeddings(ofImages: lists.flatMap(\.self))[...]
        return lists.map { list in
            let cosines = vectors.prefix(list.count).map { vector in
                zip(words, vector).reduce(0) { $0 + $1.0 * $1.1 }
            }
            vectors.removeFirst(list.count)
            return list.isEmpty ? nil : cosines.reduce(0, +) / Float(list.count)
        }
    }

    private func rows(_ embeddings: () -> Tensor) throws -> [[Float]] {
        try withTorchErrors {
            try withoutGradients {
                let numbers = try embeddings().floats()
                guard numbers.allSatisfy(\.isFinite) else {
                    throw VisionError.notFinite(path: path)
                }
                return stride(from: 0, to: numbers.count, by: width).map {
                    Array(numbers[$0..<$0 + width])
                }
            }
        }
    }

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
