package import Documents

/// Documents that are made on demand; document `n` follows from the seed and `n` alone.
package struct Corpus: RandomAccessCollection, Sendable {
    package let endIndex: Int
    private let document: @Sendable (Int) -> Document

    init(count: Int, _ document: @escaping @Sendable (Int) -> Document) {
        endIndex = count
        self.document = document
    }

    package var startIndex: Int { 0 }

    package subscript(position: Int) -> Document {
        precondition(indices.contains(position), "no document \(position)")
        return document(position)
    }
}
