package import Documents
package import Vocabulary

/// Converts images to codes and back.
package protocol ImageTokenizer {
    /// The grid of codes of an image of the size that it was made for.
    var grid: GridSize { get }
    /// The side length in pixels of the square that one code stands for.
    var pixelsPerCode: Int { get }
    /// Codes are in 0..<codeCount.
    var codeCount: Int { get }
    /// The codes of each image as a grid of a size, in row-major order.
    ///
    /// Images of another aspect ratio are cropped to their middle, and those of another size resized.
    func encode(_ images: [Image], as grid: GridSize) throws -> [[Int]]
    /// Throws if there is no decoder.
    func checkDecodes() throws(VisionError)
    /// The image of each grid of codes; throws `VisionError` for lists of another length.
    func decode(_ codes: [[Int]], of grid: GridSize) throws -> [Image]
}

extension ImageTokenizer {
    /// The number of codes of an image of the usual size.
    package var codesPerImage: Int { grid.count }
    package func checkDecodes() throws(VisionError) {}

    /// The codes of each image at the usual size.
    package func encode(_ images: [Image]) throws -> [[Int]] { try encode(images, as: grid) }

    /// The images of lists of ``codesPerImage`` codes.
    package func decode(_ codes: [[Int]]) throws -> [Image] { try decode(codes, of: grid) }
}
