import Basics
import Checkpoints
import Decoders
import Foundation
import Layers
import Training

extension DictionaryTraining {
    /// Writes the finished models into a folder: `text`, `image` and `answers` in 8 bits, and
    /// `image_tokenizer`, which the latter two link to.
    package func ship(to folder: String) throws {
        try makeFolder(folder)
        let images = try OutputFolder(at: folder + "/image_tokenizer", replacing: true)
        for name in [CheckpointFolder.FileName.config, CheckpointFolder.FileName.weights] {
            let bytes = try MappedFile.contents(of: result(of: .imageTokenizer) + "/" + name)
            try AtomicFile.write(bytes, to: images.file(name))
        }
        try images.commit()
        for step in [Step.text, .image, .answers] {
            let loaded = try ModelFolder(result(of: step))
            let files = try ModelFiles(
                config: .object(loaded.config.json),
                tokenizer: result(of: step)
            )
            let target = "\(folder)/\(step.rawValue)"
            try files.write(
                loaded.store.parameters,
                as: .int8,
                origin: try loaded.folder.manifest()?.options ?? JSON.Object(),
                to: target
            )
            guard step != .text else { continue }
            try FileManager.default.createSymbolicLink(
                atPath: "\(target)/\(CheckpointFolder.FileName.imageTokenizer)",
                withDestinationPath: "../image_tokenizer"
            )
        }
    }
}
