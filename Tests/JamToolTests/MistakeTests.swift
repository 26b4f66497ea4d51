import Foundation
import JamTesting
import Testing

@Suite struct MistakeTests {
    // Prevents: a stack trace, a half-written output, or exit code 1 for everything.
    @Test(
        "One line and the right code",
        arguments: [
            ("inspect nowhere", 66, "error: nowhere: there is no such folder\n"),
            (
                "generate nowhere --prompt hello --output page.doc", 64,
                "--output ends in .doc; .html, .md, .json, .png or a folder is expected"
            ),
            ("generate nowhere", 64, "one of --prompt and --chat is expected"),
            ("generate nowhere --prompt a --temperature nan", 64, "--temperature"),
            ("train nowhere.yaml", 66, "error: nowhere.yaml: there is no such file\n"),
            ("fuse cross --text a --image b --output c", 66, "error: a: there is no such folder\n"),
            (
                "fuse cross --text a --image b --output c --every 0", 64,
                "--every is 0; 1 or more is expected"
            ),
            (
                "fuse uniform --text a --image b --output c --weight 1.5", 64,
                "--weight is 1.5; a number from 0 to 1 is expected"
            ),
            ("data show nothing.tar", 66, "error: nothing.tar: there is no such file\n"),
            (
                "frobnicate", 64,
                "error: jam has no command \"frobnicate\"; jam --help lists them\n"
            ),
            (
                "generat MODEL --prompt a", 64,
                "error: jam has no command \"generat\"; did you mean generate?\n"
            ),
            (
                "fuse cros --text a", 64,
                "error: jam fuse has no command \"cros\"; did you mean cross?\n"
            ),
            ("images decode a 1 --output b.gif", 64, "a name that ends in .png is expected"),
            ("generate nowhere --prompt a --threads 3000000000", 64, "--threads is 3000000000"),
            ("text train nothing.jsonl --output /proc/x", 73, "/proc/x: cannot be created"),
            ("evaluate nowhere", 64, "<shards>"),
        ]
    )
    func oneLineAndTheRightCode(command: String, status: Int, message: String) throws {
        try expectMistake(command, of: Tool.executable, status, message)
    }

    // Prevents: the same in the example's tool.
    @Test(
        "Of the picture dictionary",
        arguments: [
            ("build --output data --images 0", 64, "at least 1"),
            ("build --output /proc/x", 73, "/proc/x: cannot be created"),
            ("report nothing.yaml --date 2024-05-31", 66, "nothing.yaml"),
            ("report nothing.yaml --date 2024-02-30", 64, "--date is 2024-02-30; a day such as"),
            ("report nothing.yaml --date 2024-13-01", 64, "--date is 2024-13-01"),
            ("report nothing.yaml --date 31.5.2024", 64, "--date is 31.5.2024"),
            ("drawings nowhere --date 2024-05-31 --limit 0", 64, "--limit is 0; at least 1"),
            ("drawings nowhere --date 2024-05-31 --recalling a", 64, "go together"),
        ]
    )
    func ofThePictureDictionary(command: String, status: Int, message: String) throws {
        try expectMistake(command, of: Tool.pictureDictionary, status, message)
    }

    private func expectMistake(
        _ command: String,
        of tool: URL,
        _ status: Int,
        _ message: String
    ) throws {
        let scratch = try ScratchFolder()
        let result = try Tool.run(Tool.words(of: command), in: scratch.path, as: tool)
        #expect(Int(result.status) == status, "\(result.error)")
        #expect(result.error.contains(message), "\(result.error)")
        #expect(result.output.isEmpty)
        #expect(try scratch.list().isEmpty)
    }
}
