/// An opaque sRGB color with components from 0 to 255.
package struct Color: Sendable, Hashable {
    package var red: UInt8
    package var green: UInt8
    package var blue: UInt8

    package init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Creates a color from the 24 bits `0xRRGGBB`.
    package init(_ rgb: UInt32) {
        precondition(rgb <= 0xFF_FFFF, "a color has 24 bits")
        red = UInt8(rgb >> 16)
        green = UInt8(rgb >> 8 & 0xFF)
        blue = UInt8(rgb & 0xFF)
    }

    package static let white = Color(0xFF_FFFF)
    package static let black = Color(0x00_0000)
}
