import Basics
import Foundation
import JamTesting
import Testing
import Vocabulary

/// What a model folder may have in place of its files about text.
@Suite struct TextFileTests {
    private static let names = [
        "tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "chat_template.json",
    ]

    /// A model folder with all four files.
    private func makeFolder() throws -> ScratchFolder {
        let scratch = try ScratchFolder()
        let tokenizer = try MappedFile.contents(
            of: Fixtures.folder.appending(path: "gpt2.json").path
        )
        try scratch.write("tokenizer.json", tokenizer)
        try scratch.write("tokenizer_config.json", #"{"chat_template": "from config"}"#.utf8)
        try scratch.write("chat_template.jinja", "from file".utf8)
        try scratch.write("chat_template.json", #"{"chat_template": "from json"}"#.utf8)
        return scratch
    }

    /// Reads everything about text in a folder.
    private func read(_ folder: String) throws -> String? {
        let url = URL(filePath: folder)
        _ = try Tokenizer(contentsOf: url)
        return try ChatTemplates(ofModel: url)?.template().source
    }

    private func remove(_ names: [String], from scratch: ScratchFolder) throws {
        for name in names { try FileManager.default.removeItem(atPath: scratch.file(name)) }
    }

    /// Prevents a link from pulling a file of the system into a model.
    @Test("Refuses links that lead out", arguments: names)
    func refusesLinksThatLeadOut(name: String) throws {
        let (scratch, outside) = (try makeFolder(), try makeFolder())
        if name == "chat_template.json" { try remove(["chat_template.jinja"], from: scratch) }
        try remove([name], from: scratch)
        try FileManager.default.createSymbolicLink(
            atPath: scratch.file(name),
            withDestinationPath: outside.file(name)
        )
        let error = #expect(throws: Basics.FileError.self) { try read(scratch.path) }
        #expect(
            error?.description == scratch.file(name)
                + ": is a link that leads out of the folder; put the file itself there"
        )
        #expect(error?.kind == .malformedInput)
    }

    /// Prevents the same rule from locking out the Hugging Face cache, which is made of links.
    @Test("Follows the links of a hugging face cache") func followsTheLinksOfAHuggingFaceCache()
        throws
    {
        let scratch = try makeFolder()
        let snapshot = scratch.file("snapshots/1a2b")
        for folder in [scratch.file("blobs"), snapshot] { try Basics.makeFolder(folder) }
        for name in Self.names {
            let blob = scratch.file("blobs/" + name)
            try FileManager.default.moveItem(atPath: scratch.file(name), toPath: blob)
            try FileManager.default.createSymbolicLink(
                atPath: snapshot + "/" + name,
                withDestinationPath: "../../blobs/" + name
            )
        }
        #expect(try read(snapshot) == "from file")
    }

    /// A link that somebody names is what that person means.
    @Test("Follows a link that is named") func followsALinkThatIsNamed() throws {
        let (scratch, outside) = (try ScratchFolder(), try makeFolder())
        let link = scratch.file("mine.json")
        try FileManager.default.createSymbolicLink(
            atPath: link,
            withDestinationPath: outside.file("tokenizer.json")
        )
        let tokenizer = try Tokenizer(contentsOf: URL(filePath: link))
        #expect(try tokenizer == Fixtures.tokenizer("gpt2"))
    }

    /// Prevents messages about files that the reader never heard of.
    @Test(
        "Names a file as the user did",
        arguments: ["nowhere", "nowhere/tokenizer.json", "../nowhere"]
    )
    func namesAFileAsTheUserDid(path: String) {
        #expect(throws: Basics.FileError.missing(path: path)) {
            try Tokenizer(contentsOf: URL(filePath: path))
        }
    }

    @Test("Names the missing file of a folder") func namesTheMissingFileOfAFolder() throws {
        let scratch = try makeFolder()
        try remove(["tokenizer.json"], from: scratch)
        #expect(throws: Basics.FileError.missing(path: scratch.file("tokenizer.json"))) {
            try read(scratch.path)
        }
    }

    private static let problem =
        "this is a Git LFS pointer, not the file; fetch it with `git lfs pull`"

    /// Prevents a riddle where a repository was cloned without its large files.
    @Test("Recognizes pointers of git", arguments: names)
    func recognizesPointersOfGit(name: String) throws {
        let scratch = try makeFolder()
        if name == "chat_template.json" { try remove(["chat_template.jinja"], from: scratch) }
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
        try scratch.write(name, pointer.utf8)
        let prefix =
            name.hasSuffix(".json") ? "not valid JSON" : "the chat template cannot be read"
        let error = #expect(throws: (any Error).self) { try read(scratch.path) }
        #expect(
            (error as? any UserError)?.description
                == "\(scratch.file(name)): \(prefix): \(Self.problem)"
        )
    }

    @Test("Refuses a long template before it is read") func refusesALongTemplateBeforeItIsRead()
        throws
    {
        let scratch = try makeFolder()
        let path = try scratch.write(
            "chat_template.jinja",
            [UInt8](repeating: 0xFF, count: 1 << 20)
        )
        let error = #expect(throws: TemplateError.self) { try read(scratch.path) }
        #expect(
            error?.description
                == "\(path): the chat template cannot be read: is longer than 262144 bytes"
        )
    }

    /// Prevents an end of text that no text can have, or that every image has.
    @Test(
        "Refuses an image code in the role of a special token",
        arguments: ["eos_token", "pad_token"]
    )
    func refusesAnImageCodeInTheRoleOfASpecialToken(member: String) throws {
        let scratch = try makeFolder()
        let tokenizer = try Fixtures.tokenizer("gpt2").appending(
            specialTokens: [],
            imageCodeCount: 4
        )
        try scratch.write("tokenizer.json", tokenizer.json.text().utf8)
        let config = try scratch.write(
            "tokenizer_config.json",
            #"{"\#(member)": {"content": "<image:0>"}}"#.utf8
        )
        let error = #expect(throws: JSONFieldError.self) { try read(scratch.path) }
        #expect(
            error?.description
                == #"\#(config): \#(member): "<image:0>" is an image code; a special token is expected"#
        )
    }
}
