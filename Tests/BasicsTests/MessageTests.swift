import Basics
import Testing

/// Prevents text of a file from looking like other messages, from turning a line around, and from
/// filling the screen.
@Suite struct MessageTests {
    @Test(
        "Stays on one line",
        arguments: [
            ("", ""), ("ab\"c\\", "ab\"c\\"), ("猫 é\u{301} 👩‍👧", "猫 é\u{301} 👩‍👧"),
            ("a\nb\r\tc", #"a\nb\r\tc"#),
            ("\u{0}\u{1B}[2J\u{7F}\u{9B}", #"\u{0}\u{1B}[2J\u{7F}\u{9B}"#),
            ("a\u{2028}b\u{2029}c\u{85}", #"a\u{2028}b\u{2029}c\u{85}"#),
            (
                "\u{202E}\u{202A}\u{2066}\u{2069}\u{200E}\u{200F}\u{61C}",
                #"\u{202E}\u{202A}\u{2066}\u{2069}\u{200E}\u{200F}\u{61C}"#
            ),
        ]
    )
    func staysOnOneLine(text: String, shown: String) {
        #expect(text.brief(200) == shown)
        #expect(text.quoted() == "\"" + shown + "\"")
    }

    @Test("Shows the ends of a long text") func showsTheEndsOfALongText() {
        #expect(String(repeating: "a", count: 9).brief(9) == "aaaaaaaaa")
        #expect(("abcdefgh" + "ijklm").brief(9) == "abcdef…klm")
        #expect("abcdefgh\n".brief(9) == #"abcdef…h\n"#)
        #expect("猫猫猫猫".brief(9) == "猫猫…猫")
        let long = String(repeating: "\u{202E}", count: 1_000_000)
        #expect(long.quoted().utf8.count <= 80 + 5)
    }

    private struct Refusal: UserError {
        let description: String
        var kind: ErrorKind { .malformedInput }
    }

    @Test("A shown error is one line") func aShownErrorIsOneLine() {
        let name = String(repeating: "n\n", count: 1_000_000)
        let line = Refusal(description: "\(name): is not known").line
        #expect(line.hasPrefix(#"n\nn\n"#) && line.hasSuffix(#"n\n: is not known"#))
        #expect(!line.contains("\n") && line.utf8.count <= 1003)
        #expect(Refusal(description: "a/b.json: is empty").line == "a/b.json: is empty")
    }

    private func problem(unknown key: String) throws -> String? {
        let json: JSON = .object(["known": 1, "known_2": 2])
        guard case .object(var object) = json else { return nil }
        object[key] = 3
        let reader = try JSONReader(.object(object), source: "x.json")
        _ = (reader.has("known"), reader.has("known_2"))
        let error = #expect(throws: JSONFieldError.self) { try reader.finish() }
        return error?.description
    }

    @Test("Unknown members are named in one line") func unknownMembersAreNamedInOneLine() throws {
        #expect(
            try problem(unknown: "knowm") == #"x.json: knowm: is not known; did you mean "known"?"#
        )
        #expect(
            try problem(unknown: "k\n\nerror: fake line")
                == #"x.json: k\n\nerror: fake line: is not known"#
        )
        let long = try problem(unknown: String(repeating: "k", count: 1_000_000))
        #expect(long?.hasSuffix("kkk: is not known") == true)
        #expect(try #require(long).utf8.count < 300)
    }

    @Test("Long texts in JSON are shortened") func longTextsInJSONAreShortened() {
        let long = String(repeating: "k", count: 1_000_000)
        for text in ["{\"\(long)\":1,\"\(long)\":2}", String(repeating: "9", count: 1_000_000)] {
            let error = #expect(throws: JSONError.self) { try JSON(parsing: text) }
            #expect((error?.description.utf8.count ?? .max) < 300)
        }
        #expect(JSON.string(long).kind.utf8.count < 100)
    }

    @Test(
        "A git pointer is no JSON",
        arguments: [
            "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
            "version https://git-lfs.github.com/spec/v1\r\noid sha256:0\r\nsize 1\r\n",
            "version https://hawser.github.com/spec/v1\noid sha256:0\nsize 1\n",
        ]
    )
    func aGitPointerIsNoJSON(text: String) {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: text) }
        #expect(
            error?.description
                == "not valid JSON: this is a Git LFS pointer, not the file; fetch it "
                + "with `git lfs pull`"
        )
    }
}
