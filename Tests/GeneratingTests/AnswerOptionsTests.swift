import Basics
import Generating
import Testing

@Suite struct AnswerOptionsTests {
    // Prevents: a size that is read as another one, or that means no image.
    @Test(
        "Reads sizes of images",
        arguments: [
            ("512x384", ImageSize(width: 512, height: 384)), ("0x1", nil), ("1x-1", nil),
            ("1", nil),
            ("1x", nil), ("x1", nil), ("1x2x3", nil), ("1X2", nil), ("99999999999999999999x1", nil),
        ]
    )
    func readsSizes(text: String, size: ImageSize?) {
        #expect(ImageSize(text) == size)
        if let size { #expect("\(size)" == text) }
    }

    /// Prevents a setting out of range from being taken, or from being refused without help.
    @Test("Refuses with setting value and range") func refusesWithSettingValueAndRange() throws {
        let any = 0...4
        func options(
            text: Sampling = .greedy,
            images: Sampling = .greedy,
            guidance: Guidance = .classifierFree(1),
            plausibility: Double = 0,
            tokens: Int = 8,
            context: Int? = nil
        ) -> () throws -> Void {
            {
                var options = AnswerOptions(
                    text: text,
                    images: images,
                    guidances: [guidance],
                    imageCount: any,
                    maximumTextTokens: tokens,
                    contextLimit: context,
                    seed: 0
                )
                options.guidancePlausibility = plausibility
                try options.check()
            }
        }
        let table: [(() throws -> Void, String)] = [
            (
                options(text: .sampled(temperature: 0.001, topP: 1)),
                "temperature 0.001: expected 0, or a number from 0.01 to 100"
            ),
            (
                options(text: .sampled(temperature: .nan, topP: 1)),
                "temperature nan: expected 0, or a number from 0.01 to 100"
            ),
            (
                options(text: .sampled(temperature: 1, topP: 0)),
                "topP 0.0: expected a number above 0 and up to 1"
            ),
            (
                options(text: .sampled(temperature: 1, topP: .nan)),
                "topP nan: expected a number above 0 and up to 1"
            ),
            (
                options(images: .sampled(temperature: 101, topP: 1)),
                "imageTemperature 101.0: expected 0, or a number from 0.01 to 100"
            ),
            (
                options(images: .sampled(temperature: 1, topP: 1.5)),
                "imageTopP 1.5: expected a number above 0 and up to 1"
            ),
            (
                options(guidance: .classifierFree(-1)),
                "guidance -1.0: expected a number from 0 to 100; 1 is no guidance"
            ),
            (
                options(guidance: .classifierFree(.nan)),
                "guidance nan: expected a number from 0 to 100; 1 is no guidance"
            ),
            (
                options(guidance: .editing(text: 7.5, image: 101)),
                "imageGuidance 101.0: expected a number from 0 to 100; 1 is no guidance"
            ),
            (
                options(guidance: .contrastive(k: 0, alpha: 0.1)),
                "contrastive 0,0.1: expected K,ALPHA with an integer K from 1 and a number ALPHA "
                    + "above 0 and up to 1"
            ),
            (
                options(plausibility: 1.5),
                "guidancePlausibility 1.5: expected a number from 0, for no bound, to 1"
            ),
            (options(tokens: -1), "maximumTextTokens -1: expected an integer from 0 to 1000000"),
            (
                options(tokens: .max),
                "maximumTextTokens 9223372036854775807: expected an integer from 0 to 1000000"
            ),
            (options(context: 1), "contextLimit 1: expected an integer from 2 to 10000000"),
        ]
        for (make, message) in table {
            let error = #expect(throws: SettingError.self) { try make() }
            #expect(error?.description == message)
            #expect(error?.kind == .invalidSetting)
        }
        #expect(throws: Never.self) {
            try options(
                text: .sampled(temperature: 0.01, topP: 1),
                guidance: .classifierFree(100),
                context: 2
            )()
        }
    }
}
