/// Which of the images that grow row by row are sent: some of them, evenly.
struct PartialImages: Sendable {
    /// The most of each image.
    let limit: Int

    init(atMost limit: Int) { self.limit = limit }

    /// Whether the image with `count` of `total` codes is sent, the first of which had `first`.
    func includes(_ count: Int, of total: Int, first: Int) -> Bool {
        guard first > 0 else { return false }
        // The last row is the whole image.
        let rows = max(1, total / first - 1)
        let row = count / first
        return row * limit / rows > (row - 1) * limit / rows
    }
}
