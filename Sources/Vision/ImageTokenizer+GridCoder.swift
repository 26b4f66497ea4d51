extension ImageTokenizer: GridCoder {
    /// Pixels on each side of a picture.
    public var imageSize: Int { config.imageSize }
    /// Codes on each side of a picture.
    public var gridSize: Int { config.gridSize }
    /// As many pictures as fill a million pixels.
    public var picturesAtOnce: Int { max(1, (1 << 20) / (imageSize * imageSize)) }
}
