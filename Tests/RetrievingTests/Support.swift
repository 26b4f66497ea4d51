import Basics
import Documents
import JamTesting
import Retrieving

/// An embedder that sums a random vector per word.
struct WordEmbedder: DocumentEmbedder {
    var source = EmbeddingSource(name: "words", digest: "1")
    var width = 64

    func embeddings(of documents: [Document]) -> [[Float]] {
        documents.map { document in
            var vector = [Float](repeating: 0, count: width)
            for word in document.texts.flatMap({ $0.split(separator: " ") }) {
                var random = SeededGenerator(seed: word.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
                for place in vector.indices { vector[place] += Float(random.nextUniform() - 0.5) }
            }
            return vector
        }
    }
}

/// Random vectors [count, width] from -1 to 1.
func randomVectors(_ count: Int, _ width: Int, seed: UInt64) -> [[Float]] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
        (0..<width).map { _ in Float(random.nextUniform() * 2 - 1) }
    }
}

func numbered(_ range: Range<Int>) -> [Document] {
    range.map { Document([.text("document \($0)")]) }
}

/// A bank of numbered documents with these embeddings.
func makeBank(_ vectors: [[Float]], in scratch: ScratchFolder) throws -> BankReader {
    let path = scratch.file("bank")
    let source = EmbeddingSource(name: "test", digest: "0")
    try BankWriter.create(at: path, width: vectors[0].count, source: source)
    var writer = try BankWriter(path)
    try writer.append(numbered(0..<vectors.count), vectors: vectors)
    return try BankReader(path)
}
