internal import Basics
package import Documents

extension CLIPEmbedder {
    /// The dimension of an embedding.
    package var width: Int { clip.model.config.projectionSize }

    /// The embedding of each document, of length 1.
    ///
    /// 1. Embed every text that is not blank, alternative texts included, and every image.
    /// 2. Average the texts and scale to length 1; the same for the images.
    /// 3. Average the two and scale to length 1 (CM3Leon, section 2.1).
    ///
    /// - Throws: `VisionError.noEmbedding` for a document with neither text nor image.
    package func embeddings(of documents: [Document]) throws -> [[Float]] {
        let texts = documents.map { ($0.texts + $0.altTexts).filter { !$0.isBlank } }
        let images = documents.map(\.images)
        var textVectors = try embeddings(ofTexts: texts.flatMap(\.self))[...]
        var imageVectors = try embeddings(ofImages: images.flatMap(\.self))[...]
        var vectors: [[Float]] = []
        for index in documents.indices {
            let parts = [
                textVectors.popFirst(texts[index].count),
                imageVectors.popFirst(images[index].count),
            ].filter { !$0.isEmpty }
            guard !parts.isEmpty else {
                throw VisionError.noEmbedding(problem: "it has no text and no image")
            }
            let means = parts.compactMap(Self.normalizedMean)
            guard means.count == parts.count, let vector = Self.normalizedMean(of: means) else {
                let problem = "those of its parts cancel out or are not finite"
                throw VisionError.noEmbedding(problem: problem)
            }
            vectors.append(vector)
        }
        return vectors
    }

    /// The mean of vectors, scaled to length 1; `nil` if it is zero or not finite.
    private static func normalizedMean(of vectors: [[Float]]) -> [Float]? {
        guard let first = vectors.first else { return nil }
        var sum = [Float](repeating: 0, count: first.count)
        for vector in vectors {
            for place in sum.indices { sum[place] += vector[place] }
        }
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 0, length.isFinite else { return nil }
        return sum.map { $0 / length }
    }
}

extension ArraySlice {
    /// Removes and returns the first `count` elements.
    fileprivate mutating func popFirst(_ count: Int) -> [Element] {
        defer { removeFirst(count) }
        return Array(prefix(count))
    }
}
