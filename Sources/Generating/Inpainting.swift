package import Documents

/// An image of which a region is to be drawn anew, and what it is to show.
package struct Inpainting: Sendable {
    /// The image as it is.
    package let image: Image
    /// What is drawn anew: the codes that it touches.
    package let region: ImageRegion
    /// A caption of the whole image as it shall be.
    package let caption: String

    /// - Throws: ``OptionError`` for a region that is not inside the image.
    package init(_ image: Image, _ region: ImageRegion, caption: String) throws(OptionError) {
        guard region.columns.upperBound <= image.width, region.rows.upperBound <= image.height
        else {
            throw OptionError(
                region,
                allowed: "a region inside the image, which has "
                    + "\(image.width)×\(image.height) pixels"
            )
        }
        self.image = image
        self.region = region
        self.caption = caption
    }
}

extension OptionError {
    /// Refuses a region.
    init(_ region: ImageRegion, allowed: String) {
        let (x, y) = (region.columns.lowerBound, region.rows.lowerBound)
        let size = "\(region.columns.count),\(region.rows.count)"
        self.init(flag: "--region", value: "\(x),\(y),\(size)", allowed: allowed)
    }
}
