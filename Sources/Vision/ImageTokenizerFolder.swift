internal import Basics
internal import Checkpoints

/// The folder of an image tokenizer, whatever its network.
package enum ImageTokenizerFolder {
    /// The `model_type`s that are known.
    private enum Kind: String, CaseIterable {
        case imageTokenizer = "jam_image_tokenizer"
        case vqgan = "jam_vqgan"
    }

    /// Opens the folder of an ``ConvVQTokenizer`` or a ``VQGAN``.
    ///
    /// - Throws: what is wrong with the folder, its config or its weights, of which none may be
    ///   missing, left over or of another shape.
    package static func open(_ path: String) throws -> any VQTokenizer {
        let folder = try CheckpointFolder(path)
        let kind: Kind = try folder.configReader().choice("model_type")
        return switch kind {
        case .imageTokenizer: try ConvVQTokenizer.open(folder)
        case .vqgan: try VQGAN.open(folder)
        }
    }
}
