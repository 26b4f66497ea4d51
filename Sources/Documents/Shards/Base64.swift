import Foundation

/// Base64 with padding (RFC 4648).
package enum Base64 {
    package static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
    }

    /// Decodes strictly; `nil` for any other character, line breaks included.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        Data(base64Encoded: String(text)).map(Array.init)
    }
}

/// An image in a URL: `data:image/png;base64,…`.
package enum DataURL {
    /// The URL of a PNG file.
    package static func png(_ bytes: [UInt8]) -> String { url(of: bytes, mediaType: "image/png") }

    static func url(of bytes: [UInt8], mediaType: String) -> String {
        "data:\(mediaType);base64,\(Base64.encode(bytes))"
    }

    /// The bytes of a base64 image URL of any type; `nil` for any other text.
    package static func bytes(of url: String) -> [UInt8]? {
        guard let comma = url.firstIndex(of: ","), url.hasPrefix("data:image/"),
            url[..<comma].hasSuffix(";base64")
        else { return nil }
        return Base64.decode(url[url.index(after: comma)...])
    }
}
