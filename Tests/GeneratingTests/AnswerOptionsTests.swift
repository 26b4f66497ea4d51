import Basics
import Generating
import Testing

@Suite struct AnswerOptionsTests {
    /// Prevents a setting out of range from being taken, or from being refused without help.
    @Test func refusesWithFlagValueAndRange() throws {
        let any = 0...4
        func options(
            text: Sampling = .greedy,
            images: Sampling = .greedy,
            contrast: Guidance = .classifierFree(1),
            tokens: Int = 8,
            context: Int? = nil
        ) -> () throws -> Void {
            {
                _ = AnswerOptions(
                    text: text,
                    images: images,
                    guidances: [contrast],
                    imageCount: any,
                    maximumTextTokens: tokens,
                    contextLimit: context,
                    seed: 0
                )
            }
        }
        let table: [(() throws -> Void, String)] = [
            (
                options(text: .sampled(temperature: 0, topP: 1)),
                "--temperature 0.0: expected a number from 0.01 to 100"
            ),
            (
                options(text: .sampled(temperature: .nan, topP: 1)),
                "--temperature nan: expected a number from 0.01 to 100"
            ),
            (
                options(text: .sampled(temperature: 1, topP: 0)),
                "--top-p 0.0: expected a number above 0 and up to 1"
            ),
            (
                options(text: .sampled(temperature: 1, topP: .nan)),
                "--top-p nan: expected a number above 0 and up to 1"
            ),
            (
                options(images: .sampled(temperature: 101, topP: 1)),
                "--image-temperature 101.0: expected a number from 0.01 to 100"
            ),
            (
                options(images: .sampled(temperature: 1, topP: 1.5)),
                "--image-top-p 1.5: expected a number above 0 and up to 1"
            ),
            (
                options(contrast: .classifierFree(-1)),
                "--guidance -1.0: expected a number from 0 to 100; 1 is no guidance"
            ),
            (
                options(contrast: .classifierFree(.nan)),
                "--guidance nan: expected a number from 0 to 100; 1 is no guidance"
            ),
            (
                options(contrast: .editing(text: 7.5, image: 101)),
                "--image-guidance 101.0: expected a number from 0 to 100; 1 is no guidance"
            ),
            (
                options(contrast: .contrastive(k: 0, alpha: 0.1)),
                "--contrastive 0,0.1: expected K,ALPHA with an integer K from 1 and a number ALPHA "
                    + "above 0 and up to 1"
            ),
            (options(tokens: -1), "--max-tokens -1: expected an integer from 0 to 1000000"),
            (
                options(tokens: .max),
                "--max-tokens 9223372036854775807: expected an integer from 0 to 1000000"
            ),
            (options(context: 1), "--context 1: expected an integer from 2 to 10000000"),
        ]
        for (make, message) in table {
            let error = #expect(throws: SettingError.self) { try make() }
            #expect(error?.description == message)
            #expect(error?.exitCode == .usage)
        }
        #expect(throws: Never.self) {
            try options(
                text: .sampled(temperature: 0.01, topP: 1),
                contrast: .classifierFree(100),
                context: 2
            )()
        }
    }

    @Test func readsContrastiveSettings() throws {
        #expect(try Guidance(parsingContrastive: "5,0.1") == .contrastive(k: 5, alpha: 0.1))
        for text in ["", "5", "5,", ",0.1", "5,0", "0,0.1", "5,1.1", "5,nan", "5,0.1,2", "a,b"] {
            #expect(throws: SettingError.self) { try Guidance(parsingContrastive: text) }
        }
    }

    @Test(arguments: [
        "", "..", "1..", "..2", "2..1", "-1..1", "0..1001", "1..2..3", "one", "1...2",
    ])
    func refusesImageCount(text: String) {
        let error = #expect(throws: SettingError.self) { try ImageCount(parsing: text) }
        #expect(
            error?.description
                == "--images \(text): expected MIN..MAX with 0 <= MIN <= MAX <= 1000, "
                + "or one number"
        )
    }

    @Test func readsImageCount() throws {
        #expect(try ImageCount(parsing: "0..3") == 0...3)
        #expect(try ImageCount(parsing: "2") == 2...2)
        #expect(throws: SettingError.self) { 2...1 }
    }
}
