/// How much one document of a shard may hold; more is refused before it is read.
public struct ShardLimits: Sendable, Equatable {
    /// The most bytes of a line of JSON Lines, or of a text or JSON member of a tar sample.
    public var textBytes: Int
    /// The most bytes of all members of a tar sample.
    public var sampleBytes: Int
    /// The limits of each image.
    public var images: ImageLimits

    /// Sets the limits; 64 MiB of text and 256 MiB a sample unless told.
    public init(
        textBytes: Int = 64 << 20,
        sampleBytes: Int = 256 << 20,
        images: ImageLimits = ImageLimits()
    ) {
        self.textBytes = textBytes
        self.sampleBytes = sampleBytes
        self.images = images
    }
}
