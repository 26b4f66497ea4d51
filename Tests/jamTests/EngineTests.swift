import Foundation
import JamTesting
import Testing

@Suite struct EngineTests {
    // Prevents: commands that compute nothing from waiting for libtorch, or dying without it.
    @Test("Without the engine beside it the tool still fuses, and says what it cannot do")
    func engineIsOpenedWhenSomethingIsComputed() throws {
        let scratch = try ScratchFolder()
        let alone = URL(filePath: scratch.file("jam"))
        try FileManager.default.copyItem(at: Tool.executable, to: alone)
        let models = Tool.root.appending(path: "models/dictionary").path
        func run(_ command: String) throws -> Tool.Result {
            try Tool.run(Tool.words(of: command), in: scratch.path, as: alone)
        }
        for command in [
            "--help", "inspect \(models)/image",
            "fuse cross --text \(models)/text --image \(models)/image --output fused --verify",
        ] {
            let result = try run(command)
            #expect(result.status == 0, "\(command): \(result.error)")
        }
        let result = try run("generate \(models)/image --prompt Hello --output answer.html")
        #expect(result.status == 69)
        #expect(result.error.hasPrefix("error: the engine cannot be opened: libTorchEngine"))
        #expect(result.error.split(separator: "\n").count == 1)
        #expect(try scratch.list() == ["fused", "jam"])
    }
}
