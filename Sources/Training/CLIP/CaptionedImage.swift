internal import Basics
package import Documents
package import Vision
internal import Vocabulary

/// An image and its caption, as a CLIP model gets them.
package struct CaptionedImage: Sendable {
    /// The tokens of the caption, special tokens included.
    let tokens: [TokenID]
    /// The square that the model sees.
    package let image: Image
}

extension CLIPFolder {
    /// Tokenizes a text and crops an image: once, and not at every step.
    package func pair(_ text: String, _ image: Image) -> CaptionedImage {
        CaptionedImage(tokens: tokens(of: text), image: preprocessing.crop(image))
    }
}

extension Document {
    /// Each image with its alternative text, or the nearest text before it, or else the first one after
    /// it.
    var captionedImages: [(text: String, image: Image)] {
        var text = texts.first { !$0.isBlank }
        var pairs: [(String, Image)] = []
        for segment in segments {
            switch segment.content {
            case .text(let next): if !next.isBlank { text = next }
            case .image(let image):
                if let text = segment.altText ?? text { pairs.append((text, image)) }
            }
        }
        return pairs
    }
}
