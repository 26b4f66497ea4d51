import Basics
import Checkpoints
import Layers
import Testing
import Vision

@Suite struct ConfigTests {
    /// CM3Leon: 256 × 256 pixels are 1024 codes out of 8192 (arXiv 2309.02591).
    @Test("Paper geometry") func paperGeometry() throws {
        let config = ConvVQConfig.paper
        try config.validate()
        #expect(config.imageSize == 256)
        #expect(config.gridSize * config.gridSize == 1024)
        #expect(config.codeCount == 8192)
    }

    @Test("Dictionary geometry") func dictionaryGeometry() throws {
        let config = ConvVQConfig.dictionary
        try config.validate()
        #expect(config.imageSize == 64)
        #expect(config.gridSize * config.gridSize == 64)
        #expect(config.codeCount == 1024)
        #expect(try parameterCount(config) <= 3_500_000)
    }

    /// Counted by hand from the layers, which the declaration must match.
    @Test("Declares the weights of its layers", arguments: [ConvVQConfig.paper, .dictionary])
    func declaresTheWeightsOfItsLayers(config: ConvVQConfig) throws {
        func convolution(_ input: Int, _ output: Int, _ size: Int = 3) -> Int {
            input * output * size * size + output
        }
        func blocks(_ stages: [ConvVQConfig.Stage]) -> Int {
            stages.reduce(0) { sum, stage in
                let block = 2 * convolution(stage.channels, stage.channels) + 4 * stage.channels
                return sum + stage.blocks * block
            }
        }
        func transitions(_ stages: [ConvVQConfig.Stage]) -> Int {
            zip(stages, stages.dropFirst()).reduce(0) {
                $0 + convolution($1.0.channels, $1.1.channels)
            }
        }
        let pixels = 3 * config.patchSize * config.patchSize
        let (encoder, decoder) = (config.encoder, config.decoder)
        let encoderEnd = encoder[encoder.count - 1].channels
        let decoderEnd = decoder[decoder.count - 1].channels
        // A halving and a doubling convolution between the same widths differ in their bias only.
        let upBias = zip(decoder, decoder.dropFirst()).reduce(0) {
            $0 + $1.0.channels - $1.1.channels
        }
        let expected =
            convolution(pixels, encoder[0].channels) + blocks(encoder) + transitions(encoder)
            + convolution(encoderEnd, config.codeWidth, 1)
            + config.codeCount * config.codeWidth
            + convolution(config.codeWidth, decoderEnd) + blocks(decoder) + transitions(decoder)
            + upBias + convolution(decoder[0].channels, pixels)
        #expect(try parameterCount(config) == expected)
    }

    @Test("Reads what it writes", arguments: [ConvVQConfig.paper, .dictionary])
    func readsWhatItWrites(config: ConvVQConfig) throws {
        let json = try JSON(parsing: config.json.text(.indented))
        #expect(try ConvVQConfig(JSONReader(json, source: "x")) == config)
    }

    @Test(
        "Refuses",
        arguments: [
            ("model_type", "\"llama\"", "\"llama\" is not \"jam_image_tokenizer\""),
            (
                "image_size", "60",
                "60 is not a multiple of 8, the pixels per code: the patch size, doubled at each stage but "
                    + "the first"
            ),
            ("image_size", "100000", "100000 is not in 1...8192"),
            ("image_size", "\"64\"", "an integer is expected, found the string \"64\""),
            ("patch_size", "0", "0 is not in 1...64"),
            ("code_count", "1", "1 is not in 2...1048576"),
            ("code_width", "9223372036854775807", "9223372036854775807 is not in 1...4096"),
            ("encoder", "[]", "has 0 stages; 1 to 8 are possible"),
            (
                "decoder", #"[{"channels":8,"blocks":1}]"#,
                "1 stages do not match the encoder's 2"
            ),
        ]
    )
    func refuses(field: String, value: String, problem: String) throws {
        guard case .object(var object) = ConvVQConfig.dictionary.json else {
            Issue.record("an object is expected")
            return
        }
        object[field] = try JSON(parsing: value)
        let reader = try JSONReader(.object(object), source: "config.json")
        #expect(throws: JSONFieldError(source: "config.json", field: field, problem: problem)) {
            try ConvVQConfig(reader)
        }
    }

    @Test("Refuses channels that the norms cannot divide")
    func refusesChannelsThatTheNormsCannotDivide() {
        var config = ConvVQConfig.dictionary
        config.decoder[0].channels = 100
        #expect(
            throws: VisionError.configuration(
                field: "decoder[0].channels",
                problem: "100 is not a multiple of norm_groups, 8"
            )
        ) { try config.validate() }
    }

    @Test("Refuses unknown members") func refusesUnknownMembers() throws {
        guard case .object(var object) = ConvVQConfig.dictionary.json else {
            Issue.record("an object is expected")
            return
        }
        object["code_with"] = 3
        let reader = try JSONReader(.object(object), source: "config.json")
        #expect(throws: JSONFieldError.self) { try ConvVQConfig(reader) }
    }

    private func parameterCount(_ config: ConvVQConfig) throws -> Int {
        try ParameterStore.declaration { try ConvVQTokenizer(config, $0) }
            .reduce(0) { $0 + $1.count }
    }
}
