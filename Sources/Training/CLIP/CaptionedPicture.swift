public import Documents
public import Vision
internal import Vocabulary

/// A picture and what is said of it, as a CLIP model gets them.
public struct CaptionedPicture: Sendable {
    /// The tokens of the text, with those that begin and end it.
    let tokens: [TokenID]
    /// The square that the model sees.
    public let picture: Picture
}

extension CLIPFolder {
    /// Makes tokens of a text, and cuts out of a picture what the model sees: once, and not each time
    /// that the pair is learned from.
    public func pair(_ text: String, _ picture: Picture) -> CaptionedPicture {
        CaptionedPicture(tokens: tokens(of: text), picture: preprocessing.cut(picture))
    }
}
