import Documents
import Foundation
import JamTesting
import Retrieving
import Testing
import Vision

@Suite struct CLIPRetrievalTests {
    /// A bank of CLIP embeddings, searched with CLIP.
    @Test("Finds documents by CLIP") func findsDocumentsByCLIP() throws {
        let folder =
            URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().path + "/VisionTests/Fixtures/clip/words"
        let embedder = try CLIPEmbedder(folder)
        let image = Image(width: 2, height: 1, pixels: [250, 3, 3, 3, 3, 250])
        let documents =
            ["a cat", "two dogs", "12 photos"].map { Document([.text($0)]) }
            + [Document([.image(image), .text("of a cat")])]

        let scratch = try ScratchFolder()
        let path = scratch.file("bank")
        try BankWriter.create(at: path, width: embedder.width, source: embedder.source)
        var writer = try BankWriter(path)
        try writer.append(documents, vectors: embedder.embeddings(of: documents))
        var retriever = try Retriever(BankReader(path), embedder)
        retriever.choice.limit = 1.1
        let found = try retriever.retrieve(1, for: documents)
        #expect(found.map { $0.map(\.index) } == [[0], [1], [2], [3]])
    }
}
