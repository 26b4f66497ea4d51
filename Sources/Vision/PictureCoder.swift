public import Documents

/// Turns pictures into a fixed number of codes and back.
///
/// What the other rooms need of an image tokenizer, whatever its network.
public protocol PictureCoder {
    /// Codes from left to right.
    var gridWidth: Int { get }
    /// Codes from top to bottom.
    var gridHeight: Int { get }
    /// The number of different codes: codes go from 0 to this, exclusive.
    var codeCount: Int { get }
    /// The codes of each picture, row by row from the top left.
    ///
    /// Pictures of another size are cropped to their middle square and resized.
    func encode(_ pictures: [Picture]) throws -> [[Int]]
    /// Throws where pictures become codes only.
    func checkDecodes() throws(VisionError)
    /// The picture of each list of ``codesPerPicture`` codes; other lists are an error.
    func decode(_ codes: [[Int]]) throws -> [Picture]
}

extension PictureCoder {
    /// The number of codes of every picture.
    public var codesPerPicture: Int { gridWidth * gridHeight }
    /// Most have both ways.
    public func checkDecodes() throws(VisionError) {}
}
