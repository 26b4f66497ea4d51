package import Documents

/// Turns images into a fixed number of codes and back.
///
/// What the other rooms need of an image tokenizer, whatever its network.
package protocol ImageTokenizer {
    /// Codes from left to right.
    var gridWidth: Int { get }
    /// Codes from top to bottom.
    var gridHeight: Int { get }
    /// The number of different codes: codes go from 0 to this, exclusive.
    var codeCount: Int { get }
    /// The codes of each image, row by row from the top left.
    ///
    /// Images of another size are cropped to their middle square and resized.
    func encode(_ images: [Image]) throws -> [[Int]]
    /// Throws where images become codes only.
    func checkDecodes() throws(VisionError)
    /// The image of each list of ``codesPerImage`` codes; other lists are an error.
    func decode(_ codes: [[Int]]) throws -> [Image]
}

extension ImageTokenizer {
    /// The number of codes of every image.
    package var codesPerImage: Int { gridWidth * gridHeight }
    /// Most have both ways.
    package func checkDecodes() throws(VisionError) {}
}
