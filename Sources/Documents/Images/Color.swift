/// An opaque sRGB colour.
package struct Color: Sendable, Hashable {
    /// From 0 to 255.
    package var red: UInt8
    /// From 0 to 255.
    package var green: UInt8
    /// From 0 to 255.
    package var blue: UInt8

    /// Makes a colour of its three parts.
    package init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Makes a colour of the 24 bits `0xRRGGBB`.
    package init(_ rgb: UInt32) {
        precondition(rgb <= 0xFF_FFFF, "a colour has 24 bits")
        red = UInt8(rgb >> 16)
        green = UInt8(rgb >> 8 & 0xFF)
        blue = UInt8(rgb & 0xFF)
    }

    /// White.
    package static let white = Color(0xFF_FFFF)
    /// Black.
    package static let black = Color(0x00_0000)
}
