package import Documents

/// Converts images to a fixed number of codes and back.
package protocol ImageTokenizer {
    /// The number of columns of the grid of codes.
    var gridWidth: Int { get }
    /// The number of rows of the grid of codes.
    var gridHeight: Int { get }
    /// Codes are in 0..<codeCount.
    var codeCount: Int { get }
    /// The codes of each image, in row-major order.
    ///
    /// Images of another size are cropped to their central square and resized.
    func encode(_ images: [Image]) throws -> [[Int]]
    /// Throws if there is no decoder.
    func checkDecodes() throws(VisionError)
    /// The image of each list of ``codesPerImage`` codes; throws `VisionError` for other lists.
    func decode(_ codes: [[Int]]) throws -> [Image]
}

extension ImageTokenizer {
    package var codesPerImage: Int { gridWidth * gridHeight }
    package func checkDecodes() throws(VisionError) {}
}
