public import Documents

/// A picture of which a region is to be drawn anew, and what it is to show.
public struct Repainting: Sendable {
    /// The picture as it is.
    public let picture: Picture
    /// What is drawn anew: the codes that it touches.
    public let region: PictureRegion
    /// A caption of the whole picture as it shall be.
    public let caption: String

    /// - Throws: ``OptionError`` for a region that is not inside the picture.
    public init(_ picture: Picture, _ region: PictureRegion, caption: String) throws(OptionError) {
        guard region.columns.upperBound <= picture.width, region.rows.upperBound <= picture.height
        else {
            throw OptionError(
                region,
                allowed: "a region inside the picture, which has "
                    + "\(picture.width)×\(picture.height) pixels"
            )
        }
        self.picture = picture
        self.region = region
        self.caption = caption
    }
}

extension OptionError {
    /// Refuses a region.
    init(_ region: PictureRegion, allowed: String) {
        let (x, y) = (region.columns.lowerBound, region.rows.lowerBound)
        let size = "\(region.columns.count),\(region.rows.count)"
        self.init(flag: "--region", value: "\(x),\(y),\(size)", allowed: allowed)
    }
}
