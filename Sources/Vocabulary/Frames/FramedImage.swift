/// The tokens of an image in its frame.
package struct FramedImage: Sendable, Equatable {
    /// The whole frame.
    package let tokens: [TokenID]
    /// From the first code to the last, with the ends of rows between them.
    package let codes: Range<Int>
    /// What stands before the frame: `<alt>` and the tokens of a text, or nothing.
    package var altText: [TokenID] = []

    package init(tokens: [TokenID], codes: Range<Int>) {
        self.tokens = tokens
        self.codes = codes
    }
}
