import Basics
import Checkpoints
import Decoders
import Foundation
import Layers
import Training

/// A trained model as it ships: in 8 bits, with a link to an image tokenizer that others share.
package enum ShippedModel {
    /// Writes the weights of a model folder in 8 bits, with its config and tokenizer.
    ///
    /// - Throws: what is wrong with the model or the disk.
    package static func write(_ model: String, to target: String) throws {
        let loaded = try ModelFolder(model)
        let files = try ModelFiles(config: .object(loaded.config.json), tokenizer: model)
        try files.write(
            loaded.store.parameters,
            as: .int8,
            origin: try loaded.folder.manifest()?.options ?? JSON.Object(),
            to: target
        )
    }

    /// Links the image tokenizer of a model to the folder of one, by a relative path.
    package static func link(_ model: String, toImageTokenizer folder: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: "\(model)/\(CheckpointFolder.FileName.imageTokenizer)",
            withDestinationPath: RelativePath.of(folder, from: model)
        )
    }
}
