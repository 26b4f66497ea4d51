public import Documents

/// A region of an image that is to be drawn again, by a caption.
public struct Inpainting: Sendable, Equatable {
    /// The image as it is.
    public var image: Image
    /// The pixels to draw again; the codes that they touch are replaced.
    public var region: ImageRegion
    /// A caption of the whole resulting image.
    public var caption: String

    /// Sets all three.
    public init(_ image: Image, _ region: ImageRegion, caption: String) {
        self.image = image
        self.region = region
        self.caption = caption
    }
}
