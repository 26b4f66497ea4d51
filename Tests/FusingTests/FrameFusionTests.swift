import Basics
import Decoders
import Foundation
import Fusing
import JamTesting
import Testing
import Vocabulary

/// What is kept of how the image parent writes images.
@Suite struct FrameFusionTests {
    /// The frame of a fused folder, and whether it has a file for it.
    private static func fused(
        text: Tokenizer,
        frame: ImageFrame? = nil
    ) throws -> (frame: ImageFrame?, isFile: Bool) {
        let scratch = try ScratchFolder()
        let config = TinyParent.config(.llama, vocabulary: 900)
        let image = try TinyParent.write(
            "image",
            config,
            seed: 2,
            tokenizer: TinyParent.tokenizer("chameleon"),
            in: scratch
        )
        if let frame {
            try scratch.write("image/image_frame.json", frame.json.text().utf8)
        }
        let fusion = try Fusion(
            scratch,
            text: TinyParent.write("text", config, seed: 1, tokenizer: text, in: scratch),
            image: image,
            vocabulary: .union
        )
        let folder = URL(filePath: try fusion.run(FusionRecipe(.uniform(textShare: 0.5))))
        let file = try ImageFrame(ofTokenizer: folder)
        let tokenizer = try Tokenizer(contentsOf: folder)
        let known = file ?? ImageFrame(publishedFor: tokenizer)
        _ = try known.map {
            try FrameLayout($0, in: tokenizer, usualSize: GridSize(height: 2, width: 2))
        }
        return (known, file != nil)
    }

    @Test("The vocabulary alone says Chameleon's frame") func theVocabularySaysChameleonsFrame()
        throws
    {
        let (frame, isFile) = try Self.fused(text: TinyParent.tokenizer("llama3"))
        #expect(frame == .chameleon)
        #expect(!isFile)
    }

    /// Prevents images without their end: `<racm3:break>` has the meaning of `<break>` and is not added.
    @Test("A text parent with tokens for images keeps its own string")
    func aTextParentKeepsItsOwnString() throws {
        let ours = try TinyParent.tokenizer(imageCodes: 0)
        let (frame, isFile) = try Self.fused(text: ours)
        #expect(frame == ImageFrame(opening: ["<break>"], closing: ["<eoss>"]))
        #expect(isFile)
    }

    @Test("A frame that the image parent's folder says is kept")
    func aFrameThatTheFolderSaysIsKept() throws {
        let told = ImageFrame(
            opening: ["<racm3:break>"],
            size: ImageFrame.VariableSize(
                .text("x"),
                step: 1,
                maximumCodes: 9,
                maximumRatio: 2
            ),
            afterSize: ["<eoss>"]
        )
        let (frame, isFile) = try Self.fused(text: TinyParent.tokenizer("llama3"), frame: told)
        #expect(frame == told)
        #expect(isFile)
    }
}
