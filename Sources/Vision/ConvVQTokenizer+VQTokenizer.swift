extension ConvVQTokenizer: VQTokenizer {
    /// Pixels on each side of an image.
    package var imageSize: Int { config.imageSize }
    /// Codes on each side of an image.
    package var gridSize: Int { config.gridSize }
    /// As many images as fill a million pixels.
    package var imagesAtOnce: Int { max(1, (1 << 20) / (imageSize * imageSize)) }
}
