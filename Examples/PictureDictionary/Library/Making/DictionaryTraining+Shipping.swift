import Basics
import Checkpoints

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
            let target = "\(folder)/\(step.rawValue)"
            try ShippedModel.write(result(of: step), to: target)
            guard step != .text else { continue }
            try ShippedModel.link(target, toImageTokenizer: folder + "/image_tokenizer")
        }
    }
}
