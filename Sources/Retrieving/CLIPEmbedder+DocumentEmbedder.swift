package import Vision

extension CLIPEmbedder: DocumentEmbedder {
    /// CLIP with these weights, wherever its folder is.
    package var source: EmbeddingSource { EmbeddingSource(name: "CLIP", digest: digest) }
}
