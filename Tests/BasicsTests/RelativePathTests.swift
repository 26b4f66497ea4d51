import Basics
import Foundation
import JamTesting
import Testing

@Suite struct RelativePathTests {
    @Test("Paths lead from a folder to another, which need not be there yet")
    func paths() throws {
        let scratch = try ScratchFolder()
        func path(_ target: String, _ start: String) -> String {
            RelativePath.of(scratch.file(target), from: scratch.file(start))
        }
        #expect(path("base.gguf", "runs/model") == "../../base.gguf")
        #expect(path("runs/base", "runs/model") == "../base")
        #expect(path("runs/../base/", "./model") == "../base")
        #expect(path("model/base", "model") == "base")
        #expect(path("model", "model") == ".")
    }

    // Prevents: a base that is looked for beside a link, not beside the folder that it leads to.
    @Test("Links are resolved")
    func links() throws {
        let scratch = try ScratchFolder()
        try scratch.makeFolder("disk/deep/runs")
        try scratch.makeFolder("base")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.file("runs"),
            withDestinationPath: scratch.file("disk/deep/runs")
        )
        let found = RelativePath.of(scratch.file("base"), from: scratch.file("runs/model"))
        #expect(found == "../../../../base")
        try scratch.makeFolder("runs/model")
        #expect(FileManager.default.fileExists(atPath: scratch.file("runs/model/" + found)))
    }
}
