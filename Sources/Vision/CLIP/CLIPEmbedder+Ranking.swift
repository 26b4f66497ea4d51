package import Documents

extension CLIPEmbedder {
    /// How well lists of images fit a text: the mean cosine of each, by which candidates are
    /// re-ranked (CM3Leon, section 2.3).
    ///
    /// - Returns: a number for each list, `nil` for one without images.
    package func fits(of lists: [[Image]], to text: String) throws -> [Float?] {
        let words = try vectors(ofTexts: [text])[0]
        var vectors = try vectors(ofImages: lists.flatMap(\.self))[...]
        return lists.map { list in
            let cosines = vectors.prefix(list.count).map { vector in
                zip(words, vector).reduce(0) { $0 + $1.0 * $1.1 }
            }
            vectors.removeFirst(list.count)
            return list.isEmpty ? nil : cosines.reduce(0, +) / Float(list.count)
        }
    }
}
