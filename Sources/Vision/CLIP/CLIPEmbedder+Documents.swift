internal import Basics
package import Documents

extension CLIPEmbedder {
    /// The numbers of a vector.
    package var width: Int { clip.model.config.projectionSize }

    /// A vector of length 1 for each document.
    ///
    /// 1. Every text and every image has a vector; blank texts have none.
    /// 2. Those of the texts are averaged and brought to length 1, and so are those of the images.
    /// 3. So are the two, where there are both (CM3Leon, section 2.1).
    ///
    /// - Throws: `VisionError.noVector` for a document with neither text nor image.
    package func vectors(of documents: [Document]) throws -> [[Float]] {
        let texts = documents.map { $0.texts.filter { !$0.isBlank } }
        let images = documents.map(\.images)
        var textVectors = try vectors(ofTexts: texts.flatMap(\.self))[...]
        var imageVectors = try vectors(ofImages: images.flatMap(\.self))[...]
        var vectors: [[Float]] = []
        for index in documents.indices {
            let parts = [
                textVectors.popFirst(texts[index].count),
                imageVectors.popFirst(images[index].count),
            ].filter { !$0.isEmpty }
            guard !parts.isEmpty else {
                throw VisionError.noVector(problem: "it has no text and no image")
            }
            let directions = parts.compactMap(Self.direction)
            guard directions.count == parts.count, let vector = Self.direction(of: directions)
            else {
                let problem = "those of its parts cancel out or have no numbers"
                throw VisionError.noVector(problem: problem)
            }
            vectors.append(vector)
        }
        return vectors
    }

    /// The mean of vectors at length 1; `nil` where it has no direction.
    private static func direction(of vectors: [[Float]]) -> [Float]? {
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
    /// Takes the first `count` elements away.
    fileprivate mutating func popFirst(_ count: Int) -> [Element] {
        defer { removeFirst(count) }
        return Array(prefix(count))
    }
}
