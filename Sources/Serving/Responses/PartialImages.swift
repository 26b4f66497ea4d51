/// Which of the images that grow row by row are sent: some of them, evenly.
struct PartialImages: Sendable {
    /// The most of each image.
    let limit: Int

    init(atMost limit: Int) { self.limit = limit }

    /// Whether the image with `count` of `total` codes is sent, the first of which had `first`.
    func includes(_ count: Int, of total: Int, first: Int) -> Bool {
        let rows = total / max(1, first)
        let row = count / max(1, first)
        return row * limit / max(1, rows) > (row - 1) * limit / max(1, rows) || limit >= rows - 1
    }
}
