internal import Documents
internal import Foundation

extension Glyph {
    /// The longer side of a drawing that is kept; scenes are smaller.
    private static let keptSide = 128
    /// Alpha up to this is taken for empty when a drawing is cropped.
    private static let emptyAlpha: UInt8 = 8

    /// Reads a PNG file, cropped to what is not transparent and scaled down.
    ///
    /// - Throws: ``DictionaryError`` if the file is missing, damaged or empty.
    init(contentsOf file: SourceFile) throws(DictionaryError) {
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw .missing(path: file.path, package: file.package)
        }
        let overlay: Overlay
        do {
            overlay = try Overlay(contentsOfPNG: URL(filePath: file.path))
        } catch {
            throw file.malformed(line: 1, "no PNG file that can be decoded")
        }
        guard let cropped = Glyph(cropping: overlay) else {
            throw file.malformed(line: 1, "a drawing of transparent pixels only")
        }
        let isLarge = max(cropped.width, cropped.height) > Self.keptSide
        self = isLarge ? cropped.fitted(into: Self.keptSide) : cropped
    }

    /// The smallest part with all pixels that are not transparent; `nil` without any.
    private init?(cropping overlay: Overlay) {
        var (left, right, top, bottom) = (overlay.width, -1, overlay.height, -1)
        for y in 0..<overlay.height {
            for x in 0..<overlay.width
            where overlay.pixels[(y * overlay.width + x) * 4 + 3] > Self.emptyAlpha {
                left = min(left, x)
                right = max(right, x)
                top = min(top, y)
                bottom = max(bottom, y)
            }
        }
        guard left <= right else { return nil }
        var pixels: [SIMD4<UInt8>] = []
        pixels.reserveCapacity((right - left + 1) * (bottom - top + 1))
        for y in top...bottom {
            for x in left...right {
                let at = (y * overlay.width + x) * 4
                pixels.append(
                    SIMD4(
                        overlay.pixels[at],
                        overlay.pixels[at + 1],
                        overlay.pixels[at + 2],
                        overlay.pixels[at + 3]
                    )
                )
            }
        }
        self.init(width: right - left + 1, height: bottom - top + 1, pixels: pixels)
    }
}
