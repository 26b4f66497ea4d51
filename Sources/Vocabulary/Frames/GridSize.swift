/// The rows and columns of the codes of an image.
package struct GridSize: Sendable, Hashable {
    package var height: Int
    package var width: Int

    package init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }

    /// The number of codes.
    package var count: Int { height * width }
}
