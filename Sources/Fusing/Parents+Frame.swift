import Basics
import Checkpoints
import Vocabulary

extension Parents {
    /// How the image parent writes images, in the fused vocabulary; `nil` where its tokenizer says
    /// the same, and without tokens for images.
    func imageFrame() throws -> ImageFrame? {
        let name = CheckpointFolder.FileName.imageFrame
        let told = try image.folder.json(name).map { json in
            try ImageFrame(JSONReader(json, source: image.folder.path + "/" + name))
        }
        guard let own = told ?? ImageFrame(publishedFor: image.tokenizer) else { return nil }
        let frame = own.respelled { spelling in
            vocabulary.tokenizer.spelling(like: spelling, of: image.tokenizer)
        }
        return frame == ImageFrame(publishedFor: vocabulary.tokenizer) ? nil : frame
    }
}
