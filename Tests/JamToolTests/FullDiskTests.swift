import Foundation
import JamTesting
import Testing

@Suite struct FullDiskTests {
    // Prevents: a fusion that traps, or leaves half a folder, when a write fails while other threads
    // have blocks waiting.
    @Test("A fusion that cannot write on ends in one line and leaves nothing", arguments: 1...5)
    func fusion(round: Int) throws {
        let scratch = try ScratchFolder()
        let models = Tool.root.appending(path: "models/dictionary").path
        // Files of at most a megabyte: the writes beyond it fail, as on a full disk.
        let script = """
            trap '' XFSZ; ulimit -f 1000
            exec "$0" fuse cross --text "$1/text" --image "$1/image" --output fused
            """
        let result = try Tool.run(
            ["-c", script, Tool.executable.path, models],
            in: scratch.path,
            as: URL(filePath: "/bin/bash")
        )
        #expect(result.status == 74)
        #expect(result.error.hasSuffix("cannot be written: File too large\n"))
        #expect(try scratch.list().isEmpty)
    }
}
