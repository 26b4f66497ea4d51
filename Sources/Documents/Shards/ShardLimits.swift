/// The limits of one document of a shard, checked before it is read.
package struct ShardLimits: Sendable, Equatable {
    /// Bytes of a line of JSON Lines, or of a text or JSON member of a tar sample.
    package var textBytes: Int
    /// Bytes of all members of a tar sample.
    package var sampleBytes: Int
    package var images: ImageLimits

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
