/// How much one document of a shard may hold; more is refused before it is read.
package struct ShardLimits: Sendable, Equatable {
    /// The most bytes of a line of JSON Lines, or of a text or JSON member of a tar sample.
    package var textBytes: Int
    /// The most bytes of all members of a tar sample.
    package var sampleBytes: Int
    /// The limits of each image.
    package var images: ImageLimits

    /// Sets the limits; 64 MiB of text and 256 MiB a sample unless told.
    package init(
        textBytes: Int = 64 << 20,
        sampleBytes: Int = 256 << 20,
        images: ImageLimits = ImageLimits()
    ) {
        self.textBytes = textBytes
        self.sampleBytes = sampleBytes
        self.images = images
    }
}
