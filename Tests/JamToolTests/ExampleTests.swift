import Foundation
import JamTesting
import Testing

/// The packages in Examples, which depend on this one as a user's would; `make test` builds them.
@Suite struct ExampleTests {
    private func program(_ name: String) throws -> URL {
        let url = Tool.executable.deletingLastPathComponent().appending(path: name)
        try #require(
            FileManager.default.isExecutableFile(atPath: url.path),
            "swift build -c release --package-path Examples/\(name) --scratch-path .build"
        )
        return url
    }

    // Prevents: a README whose ten lines do not run.
    @Test("Examples/Answer streams words and writes an image; README shows its source")
    func answers() throws {
        let scratch = try ScratchFolder()
        try FileManager.default.createSymbolicLink(
            atPath: scratch.file("models"),
            withDestinationPath: Tool.root.appending(path: "models").path
        )
        let result = try Tool.run([], in: scratch.path, as: program("Answer"))
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output.contains("volcano"), "\(result.output)")
        #expect(try scratch.read("volcano.png").starts(with: [0x89] + Array("PNG".utf8)))

        let source = try String(
            contentsOf: Tool.root.appending(path: "Examples/Answer/Sources/Answer/main.swift"),
            encoding: .utf8
        )
        for page in ["README.md", "Sources/Jam/Jam.docc/GettingStarted.md"] {
            let text = try String(contentsOf: Tool.root.appending(path: page), encoding: .utf8)
            #expect(text.contains("```swift\n" + source + "```"), "\(page)")
        }
    }

    // Prevents: a facade that fuses otherwise than the tool does.
    @Test("Examples/Fuse writes the folder that the tool writes")
    func fuses() throws {
        let scratch = try ScratchFolder()
        let models = Tool.root.appending(path: "models/dictionary").path
        let (text, image) = (models + "/text", models + "/image")
        let result = try Tool.run([text, image, "fused"], in: scratch.path, as: program("Fuse"))
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output.contains("JAM-Cross of"))
        try Tool.succeed(
            "fuse cross --text \(text) --image \(image) --every 2 --output tool",
            in: scratch.path
        )
        for name in ["model.safetensors", "config.json", "tokenizer.json"] {
            #expect(try scratch.read("fused/\(name)") == scratch.read("tool/\(name)"), "\(name)")
        }
    }
}
