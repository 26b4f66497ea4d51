extension ConvVQTokenizer: VQTokenizer {
    /// Pixels on each side of an image.
    public var imageSize: Int { config.imageSize }
    /// Codes on each side of an image.
    public var gridSize: Int { config.gridSize }
    /// As many images as fill a million pixels.
    public var imagesAtOnce: Int { max(1, (1 << 20) / (imageSize * imageSize)) }
}
