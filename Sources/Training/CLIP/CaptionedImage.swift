package import Documents
package import Vision
internal import Vocabulary

/// An image and what is said of it, as a CLIP model gets them.
package struct CaptionedImage: Sendable {
    /// The tokens of the text, with those that begin and end it.
    let tokens: [TokenID]
    /// The square that the model sees.
    package let image: Image
}

extension CLIPFolder {
    /// Makes tokens of a text, and cuts out of an image what the model sees: once, and not each time
    /// that the pair is learned from.
    package func pair(_ text: String, _ image: Image) -> CaptionedImage {
        CaptionedImage(tokens: tokens(of: text), image: preprocessing.crop(image))
    }
}
