import Basics
import Serving
import Testing

/// Forms as clients send them, and as nobody should.
@Suite struct MultipartFormTests {
    private static let whole = """
        --b\r
        Content-Disposition: form-data; name="prompt"\r
        \r
        a cat; with "quotes"\r
        --b\r
        content-disposition: form-data; filename="a;b\\".png"; name=image\r
        Content-Type: image/png\r
        \r
        \r
        --x\r
        \r
        --b \r
        Content-Disposition: form-data; name="empty"\r
        \r
        \r
        --b--\r
        whatever follows
        """

    private func read(_ text: String, boundary: String = "b") throws(MultipartError) -> [(
        name: String, isFile: Bool, content: String
    )] {
        let bytes = Array(text.utf8)
        return try MultipartForm(bytes, boundary: boundary).fields.map {
            ($0.name, $0.isFile, String(decoding: bytes[$0.content], as: UTF8.self))
        }
    }

    /// Prevents bytes of a file that are lost, or taken for a boundary.
    @Test("Finds all fields, whatever bytes they have") func findsFields() throws {
        let fields = try read(Self.whole)
        #expect(fields.map(\.name) == ["prompt", "image", "empty"])
        #expect(fields.map(\.isFile) == [false, true, false])
        #expect(fields.map(\.content) == ["a cat; with \"quotes\"", "\r\n--x\r\n", ""])
        #expect(try read("--b--").isEmpty)
    }

    /// Prevents a file that is taken for a text because its name is encoded.
    @Test(
        "A file is one by any name",
        arguments: [
            (#"filename="a.png""#, true), ("filename*=UTF-8''%c3%a4.png", true),
            (#"filename="a"; filename*=UTF-8''%c3%a4"#, true), ("FileName*=utf-8'de'a", true),
            (#"filename="""#, true), ("filename", false), (#"x="filename*=a""#, false),
        ]
    )
    func names(parameter: String, isFile: Bool) throws {
        let head = "--b\r\nContent-Disposition: form-data; name=\"a\"; "
        let fields = try read(head + parameter + "\r\n\r\nx\r\n--b--")
        #expect(fields.map(\.isFile) == [isFile] && fields.map(\.name) == ["a"])
    }

    @Test("Refuses what is no form, in one line") func refuses() throws {
        let head = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n"
        let table: [(String, MultipartError)] = [
            ("", .noBoundary), ("--c--", .noBoundary), ("\r\n--b--", .noBoundary),
            ("--b", .damaged),
            ("--bc\r\n", .damaged), ("--b\r\n\r\n", .damaged), (head, .damaged),
            (head + "\r\nx\r\n--b", .damaged), (head + "\r\nx\r\n--bc--", .damaged),
            (head + "\r\nx--b--", .damaged), ("--b\r\n\r\nx\r\n--b--", .noName),
            ("--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--", .noName),
            ("--b\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nx\r\n--b--", .noName),
            ("--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--b--", .noName),
            (
                "--b\r\nX: \(String(repeating: "a", count: 5000))\r\n\r\nx\r\n--b--",
                .longHeaders(limit: 4096)
            ),
            (
                String(repeating: head + "\r\nx\r\n", count: 65) + "--b--",
                .tooManyFields(limit: 64)
            ),
        ]
        for (text, error) in table {
            #expect(throws: error, "\(text.prefix(60))") { try read(text) }
            #expect(!error.line.contains("\n"))
        }
    }

    /// Prevents a form of a stranger that ends the server, or fields outside of the body.
    @Test("Survives damage anywhere") func survivesDamage() {
        var random = SeededGenerator(seed: 1)
        let body = Array(Self.whole.utf8)
        let pieces = ["\r\n", "--b", "--", "\"", ";", "\r\n--b", "\r\n\r\n", "name=", "\0"].map {
            Array($0.utf8)
        }
        func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
        var readCount = 0
        for _ in 0..<20_000 {
            var damaged = body
            for _ in 0...below(3) {
                let place = below(damaged.count + 1)
                switch below(4) {
                case 0: damaged.removeSubrange(place..<min(damaged.count, place + below(40)))
                case 1: damaged.insert(contentsOf: pieces[below(pieces.count)], at: place)
                case 2: damaged = Array(damaged.prefix(place))
                default: if place < damaged.count { damaged[place] = UInt8(below(256)) }
                }
            }
            guard let form = try? MultipartForm(damaged, boundary: "b") else { continue }
            readCount += 1
            var end = 0
            for field in form.fields {
                #expect(field.content.lowerBound >= end)
                #expect(field.content.upperBound <= damaged.count)
                end = field.content.upperBound
            }
        }
        #expect((1000...19_000).contains(readCount))
    }

    /// Prevents a body that takes time by the square of its length.
    @Test("Reads a large body in time") func readsInTime() throws {
        let boundary = String(repeating: "-", count: 69) + "b"
        let line = "\r\n--" + boundary.dropLast()
        let filler = String(repeating: line, count: (8 << 20) / line.utf8.count)
        let text =
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\(filler)\r\n--\(boundary)--"
        let start = ContinuousClock.now
        #expect(try read(text, boundary: boundary).map(\.content) == [filler])
        #expect(start.duration(to: .now) < .seconds(5))
    }
}
