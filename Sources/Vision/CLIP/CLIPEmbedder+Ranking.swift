package import Documents

extension CLIPEmbedder {
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
}
