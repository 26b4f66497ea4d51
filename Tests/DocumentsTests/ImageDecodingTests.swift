import Basics
import Documents
import Foundation
import Testing

@Suite struct ImageDecodingTests {
    static let sizes: [(name: String, size: JSON)] = {
        guard let bytes = try? Fixture.bytes("images/sizes.json"),
            case .object(let object)? = try? JSON(parsing: bytes)
        else { return [] }
        return object.members.map { ($0.key, $0.value) }
    }()

    /// Prevents a wrong channel order, a lost transparency or an image lying on its side.
    @Test("Decodes as Pillow does") func decodesAsPillowDoes() throws {
        #expect(Self.sizes.count == 140)
        for (name, size) in Self.sizes {
            let image = try Fixture.image(name)
            #expect(size == [.integer(image.width), .integer(image.height)], "\(name)")
            let distance = image.distance(to: try Fixture.bytes("images/\(name).rgb"))
            // JPEG and lossy WebP leave the inverse transform's rounding to the decoder.
            let isLossy =
                ["jpg", "avif"].contains(where: name.hasSuffix)
                || ["lossy.webp", "jpeg.tif"].contains(name)
            let tolerance = isLossy ? 2 : 1
            #expect(distance.map { $0 <= tolerance } == true, "\(name): \(distance ?? -1)")
        }
    }

    /// Prevents a half-loaded file from entering a data set as an image whose rest is gray.
    @Test(
        "Refuses files that are cut off",
        arguments: [
            "rgb.png", "interlaced.png", "palette-transparent.png", "rgb.jpg", "progressive.jpg",
            "cmyk.jpg", "lossy.webp", "lossless.webp",
        ]
    )
    func refusesFilesThatAreCutOff(name: String) throws {
        let bytes = try Fixture.bytes("images/\(name)")
        let places = (0..<20).map { bytes.count * $0 / 20 } + [bytes.count - 1, bytes.count - 2]
        for place in places {
            #expect(throws: ImageError.self, "\(name) truncated after \(place) bytes") {
                try Image(decoding: Array(bytes[..<place]))
            }
        }
    }

    /// The end of a GIF or the last padding of a BMP can be missing, half of the pixels can't.
    @Test(
        "Refuses files whose pixels are cut off",
        arguments: [
            "interlaced.gif", "moving.gif", "rgb.tif", "lzw.tif", "runs8.bmp", "runs4.bmp",
            "rgb.bmp",
            "palette4.bmp", "os2.bmp", "rgb.avif", "animated.webp",
        ]
    )
    func refusesFilesWhosePixelsAreCutOff(name: String) throws {
        let bytes = try Fixture.bytes("images/\(name)")
        for place in (0..<10).map({ bytes.count * $0 / 20 }) {
            #expect(throws: ImageError.self, "\(name) truncated after \(place) bytes") {
                try Image(decoding: Array(bytes[..<place]))
            }
        }
    }

    /// Prevents a picture that is gray from the middle on: libtiff only warns.
    @Test("Refuses a TIFF whose JPEG data are damaged, or a part of whose pixels is missing")
    func refusesDamagedTIFF() throws {
        var jpeg = try Fixture.bytes("images/jpeg.tif")
        let scan = try #require(
            jpeg.indices.dropLast().last { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xDA }
        )
        for place in scan + 100..<min(scan + 300, jpeg.count - 200) { jpeg[place] = 0 }
        #expect(throws: ImageError.self) { try Image(decoding: jpeg) }

        var plain = try Fixture.bytes("images/rgb.tif")
        // StripOffsets: tag 273, one number of 32 bits.
        let tag: [UInt8] = [0x11, 0x01, 0x04, 0x00, 0x01, 0x00, 0x00, 0x00]
        let entry = try #require(plain.firstRange(of: tag))
        for place in entry.upperBound..<entry.upperBound + 4 { plain[place] = 0 }
        let error = #expect(throws: ImageError.self) { try Image(decoding: plain) }
        #expect(error?.description.contains("a part of its pixels is missing") == true)
    }

    /// Prevents pictures with wrong pixels: what libjpeg passes over can be left of misread data.
    @Test("Refuses most of what a flipped bit makes of a JPEG") func refusesMisreadJPEG() throws {
        let bytes = try Fixture.bytes("images/rgb.jpg")
        let start = try #require(
            bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA }
        )
        var generator = SeededGenerator(seed: 3)
        var refused = 0
        for _ in 0..<400 {
            var corrupt = bytes
            let place = Int.random(in: start + 14..<bytes.count - 2, using: &generator)
            corrupt[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            do { _ = try Image(decoding: corrupt) } catch { refused += 1 }
        }
        // Others change colors and no lengths. With all stray bytes allowed it is a few.
        #expect(refused > 100)
        // A few bytes are read as bits that the last block does not need.
        for stray in [Array(1...20), Array(repeating: 7, count: 19) + [6]] as [[UInt8]] {
            let corrupt = Array(bytes.dropLast(2)) + stray + [0xFF, 0xD9]
            #expect((try? Image(decoding: corrupt)) == nil)
        }
    }

    /// Prevents what is generous about stray bytes from letting half an image pass.
    @Test("Refuses a JPEG that ends in the middle of its data", arguments: ["rgb.jpg", "cmyk.jpg"])
    func refusesHalfAJPEG(name: String) throws {
        let bytes = try Fixture.bytes("images/\(name)")
        for place in [bytes.count / 2, bytes.count - 12] {
            let half = Array(bytes[..<place]) + [0xFF, 0xD9]
            let error = #expect(throws: ImageError.self) { try Image(decoding: half, name: "half") }
            #expect(error?.description.contains("remature end of") == true)
        }
    }

    /// Prevents a crash on corrupt bytes: any outcome is allowed but a trap.
    @Test(
        "Survives corrupt bytes",
        arguments: [
            "rgba.png", "palette.png", "rgb.jpg", "turned6.jpg", "lossy.webp", "alpha.webp",
            "interlaced.gif", "inset-transparent.gif", "palette8.bmp", "runs8.bmp", "runs4.bmp",
            "alpha-masks.bmp", "os2-palette.bmp", "rgb.tif", "lzw.tif", "jpeg.tif", "fax4.tif",
            "palette.tif", "big.tif", "rgb.avif", "alpha.avif", "animated.webp",
        ]
    )
    func survivesCorruptBytes(name: String) throws {
        let bytes = try Fixture.bytes("images/\(name)")
        var generator = SeededGenerator(seed: 7)
        var refused = 0
        for _ in 0..<400 {
            var corrupt = bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<corrupt.count, using: &generator)
                corrupt[place] = UInt8.random(in: .min ... .max, using: &generator)
            }
            do { _ = try Image(decoding: corrupt) } catch { refused += 1 }
        }
        #expect(refused > 0)
    }

    @Test("Refuses a wrong checksum") func refusesAWrongChecksum() throws {
        var bytes = try Fixture.bytes("images/rgb.png")
        bytes[bytes.count - 20] ^= 1
        #expect(throws: ImageError.self) { try Image(decoding: bytes) }
    }

    /// Prevents a header of a few bytes from allocating gigabytes.
    @Test("Refuses by size in the header alone") func refusesBySizeInTheHeaderAlone() throws {
        #expect(
            throws: ImageError.tooManyPixels(
                name: "big.png",
                width: 65535,
                height: 65535,
                limit: 64_000_000
            )
        ) { try Image(decoding: Self.png(65535, 65535), name: "big.png") }
        #expect(throws: ImageError.empty(name: "none.png", width: 0, height: 5)) {
            try Image(decoding: Self.png(0, 5), name: "none.png")
        }
        let thin = ImageError.damaged(
            name: "thin.png",
            format: .png,
            reason: "it is truncated after 33 bytes"
        )
        #expect(throws: thin) { try Image(decoding: Self.png(1, 65535), name: "thin.png") }
        #expect(throws: ImageError.self) { try Image(decoding: Self.png(.max, .max)) }
        #expect(throws: ImageError.self) {
            try Image(
                contentsOf: Fixture.url("images/rgb.jpg"),
                limits: ImageLimits(pixels: 23 * 17 - 1)
            )
        }
    }

    @Test("Says what is wrong") func saysWhatIsWrong() throws {
        let scratch = try Scratch()
        let rgb = try Fixture.bytes("images/rgb.png")
        let cut = Array(try Fixture.bytes("images/lossy.webp").dropLast(9))
        let files: [(name: String, bytes: [UInt8], message: String)] = [
            (
                "a.png", Array("<svg xmlns=".utf8),
                "a.png is not an image: expected PNG, JPEG, WebP, AVIF, GIF, BMP or TIFF, found an SVG drawing"
            ),
            (
                "b.png", [],
                "b.png is not an image: expected PNG, JPEG, WebP, AVIF, GIF, BMP or TIFF, found an empty file"
            ),
            (
                "c.png", Array("hello there".utf8),
                "c.png is not an image: expected PNG, JPEG, WebP, AVIF, GIF, BMP or TIFF, "
                    + "found a file that begins with the bytes 68 65 6C 6C 6F 20 74 68"
            ),
            ("e.webp", cut, "e.webp is a damaged WebP file: it ends after 391 of 400 bytes"),
            (
                "f.png", Self.png(9000, 9000),
                "f.png is too large: 9000×9000 pixels, at most 64000000 in all are supported; scale it down"
            ),
        ]
        for (name, bytes, message) in files {
            let url = try scratch.file(name, bytes)
            #expect(scratch.message { _ = try Image(contentsOf: url) } == message)
        }
        // A wrong name does not matter.
        #expect(try Image(contentsOf: scratch.file("really-a-png.jpg", rgb)).width == 23)
        let small = ImageLimits(encodedBytes: 100)
        let url = try scratch.file("g.png", rgb)
        #expect(
            scratch.message { _ = try Image(contentsOf: url, limits: small) }
                == "g.png is too large: \(rgb.count) bytes, at most 100 are supported"
        )
    }

    @Test("Refuses what is no file") func refusesWhatIsNoFile() throws {
        let scratch = try Scratch()
        let missing = #expect(throws: JamError.self) {
            try Image(contentsOf: scratch.url("missing.png"))
        }
        #expect(missing?.kind == .notFound)
        #expect(missing?.description.hasSuffix("missing.png: there is no such file") == true)
        #expect(throws: JamError.self) { try Image(contentsOf: scratch.folder) }
    }

    /// A PNG header with a size, and nothing after it.
    private static func png(_ width: UInt32, _ height: UInt32) -> [UInt8] {
        var header = Array("IHDR".utf8)
        for number in [width, height] {
            header += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
        }
        header += [8, 2, 0, 0, 0]
        let checksum = header.reduce(~UInt32(0)) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in
                value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0)
            }
        }
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]
        return signature + header
            + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: ~checksum >> $0) }
    }
}
