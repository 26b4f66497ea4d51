/// Which of the images that grow row by row are sent: some of them, evenly.
struct PartialImages: Sendable {
    /// The most of each image.
    let limit: Int
    /// How many the codes so far are worth.
    private var dueCount = 0

    init(atMost limit: Int) { self.limit = limit }

    /// An image begins.
    mutating func begin() { dueCount = 0 }

    /// Whether the image with `count` of `total` codes is sent; `count` rises.
    mutating func includes(_ count: Int, of total: Int) -> Bool {
        guard total > 0 else { return false }
        let due = count * (limit + 1) / total
        defer { dueCount = due }
        return due > dueCount
    }
}
