import Basics
import Checkpoints
import Vocabulary

extension Parents {
    /// How the image parent writes images, in the fused vocabulary; `nil` where its tokenizer says
    /// the same, and without tokens for images.
    func imageFrame() throws -> ImageFrame? {
        guard let frame = try usedFrame() else { return nil }
        return frame == ImageFrame(publishedFor: vocabulary.tokenizer) ? nil : frame
    }

    /// The tokens of the frame of images but those of sizes as text.
    func frameTokens() throws -> [TokenID] {
        try usedFrame().map {
            try FrameLayout($0, in: vocabulary.tokenizer, usualSize: GridSize(height: 1, width: 1))
        }?.tokens ?? []
    }

    private func usedFrame() throws -> ImageFrame? {
        let name = CheckpointFolder.FileName.imageFrame
        let told = try image.folder.json(name).map { json in
            try ImageFrame(JSONReader(json, source: image.folder.path + "/" + name))
        }
        guard let own = told ?? ImageFrame(publishedFor: image.tokenizer) else { return nil }
        return own.respelled { spelling in
            vocabulary.tokenizer.spelling(like: spelling, of: image.tokenizer)
        }
    }
}
