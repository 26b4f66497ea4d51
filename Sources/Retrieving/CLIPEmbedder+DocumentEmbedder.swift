package import Vision

extension CLIPEmbedder: DocumentEmbedder {
    /// CLIP with these weights, in whatever folder.
    package var source: EmbeddingSource { EmbeddingSource(name: "CLIP", digest: digest) }
}
