import Basics
import Documents
import Generating
import Models
import Testing
import Vocabulary

@Suite struct AnswerTests {
    private func options(
        _ minimum: Int,
        _ maximum: Int,
        tokens: Int = 10,
        context: Int? = nil,
        guidance: Double = 3
    ) throws -> AnswerOptions {
        AnswerOptions(
            text: .sampled(temperature: 1, topP: 1),
            guidances: [.classifierFree(guidance)],
            imageCount: minimum...maximum,
            maximumTextTokens: tokens,
            contextLimit: context,
            seed: 9
        )
    }

    /// Prevents the stream from telling another story than the result, and the document from
    /// differing from its tokens.
    @Test("Events tokens and document agree") func eventsTokensAndDocumentAgree() throws {
        let generator = try TinyModel.llama.generator()
        let tokenizer = try TinyModel.tokenizer()
        for prompt in prompts {
            var streamed: [Segment] = []
            var text = ""
            let role: Role? = prompt.segments.first?.role == nil ? nil : .assistant
            func close() {
                if !text.isEmpty { streamed.append(.text(text, role: role)) }
                text = ""
            }
            var codeCounts: [Int] = []
            let answer = try generator.generate(prompt, options(2, 3)) { event in
                switch event {
                case .text(let delta): text += delta
                case .imageProgress(let count, let total):
                    codeCounts.append(count)
                    #expect(total == 4)
                    close()
                case .image(let image):
                    streamed.append(.image(image, role: role))
                case .altText, .partialImage, .finished:
                    Issue.record("nobody asked for this event")
                }
            }
            close()
            #expect(streamed == answer.document.segments)
            #expect(answer.document.images == GrayTokenizer().decode(answer.codes))
            #expect(codeCounts == answer.codes.flatMap { _ in [0, 1, 2, 3, 4] })
            #expect(answer.codes.count >= 2)

            let space = tokenizer.space
            #expect(answer.tokens.filter(space.text.contains).count == answer.counts.text)
            #expect(
                answer.tokens.filter(space.image.contains).map { $0 - space.image.lowerBound }
                    == answer.codes.flatMap(\.self)
            )
            let stretches = answer.tokens.split { !space.text.contains($0) }
            #expect(
                stretches.map { tokenizer.decode($0) }
                    == answer.document.segments.compactMap {
                        if case .text(let text) = $0.content { text } else { nil }
                    }
            )
        }
    }

    /// Prevents words of a user from becoming special tokens.
    @Test("Text of a prompt is plain") func textOfAPromptIsPlain() throws {
        let generator = try TinyModel.llama.generator()
        let answer = try generator.generate(
            Document([.text("<eos><break>")]),
            options(0, 0, tokens: 1)
        )
        #expect(
            answer.counts.prompt == 1 + (try TinyModel.tokenizer().encode("<eos><break>").count)
        )
        #expect(answer.counts.prompt > 8)
    }

    @Test("Draws exactly one image in the least room") func drawsExactlyOneImageInTheLeastRoom()
        throws
    {
        let generator = try TinyModel.cross.generator()
        let answer = try generator.generate(Document([]), options(1, 1, tokens: 0, context: 7))
        #expect(answer.codes.count == 1)
        #expect(answer.tokens.count == 5)
        #expect(answer.finishReason == .end)
        #expect(answer.document.segments.count == 1)
    }

    @Test("Cancels between tokens") func cancelsBetweenTokens() throws {
        let generator = try TinyModel.llama.generator()
        var asked = 0
        let answer = try generator.generate(
            prompts[0],
            options(1, 1, tokens: 0),
            isCancelled: {
                asked += 1
                return asked == 4
            }
        )
        #expect(answer.finishReason == .cancelled)
        #expect(answer.tokens.count == 3)
        #expect(answer.codes.isEmpty)
        #expect(answer.document.segments.isEmpty)
    }

    /// Prevents a prompt that leaves no room from being answered with nothing or half an image.
    @Test("Refuses what does not fit") func refusesWhatDoesNotFit() throws {
        let generator = try TinyModel.llama.generator(contextLength: 20)
        func message(_ prompt: Document, _ options: AnswerOptions) -> String? {
            #expect(throws: GenerationError.self) { try generator.generate(prompt, options) }?
                .description
        }
        #expect(
            message(Document([]), try options(4, 4))
                == "the prompt has 1 tokens and its answer at least 21, but the context only 20; "
                + "shorten the prompt or ask for fewer images"
        )
        #expect(
            message(Document([]), try options(1, 1, context: 6))
                == "the prompt has 1 tokens and its answer at least 6, but the context only 6; "
                + "shorten the prompt or ask for fewer images"
        )
        #expect(
            message(Document([]), try options(0, 0, context: 21))
                == "a context of 21 tokens is asked for; the model was made for at most 20"
        )
    }

    @Test("Refuses images without an image tokenizer") func refusesImagesWithoutAnImageTokenizer()
        throws
    {
        let tokenizer = try TinyModel.tokenizer()
        let generator = try MultimodalModel(
            TinyModel.llama.make(vocabularySize: tokenizer.space.count),
            DocumentTokenizer(tokenizer, nil),
            contextLength: 100
        )
        #expect(throws: ModelError.self) {
            try generator.generate(prompts[0], options(1, 1))
        }
        #expect(throws: ModelError.self) {
            try generator.generate(prompts[1], options(0, 0))
        }
        let answer = try generator.generate(prompts[0], options(0, 5))
        #expect(answer.codes.isEmpty)
    }

    @Test("Refuses parts that do not fit") func refusesPartsThatDoNotFit() throws {
        let tokenizer = try TinyModel.tokenizer()
        let count = tokenizer.space.count
        let small = try TinyModel.llama.make(vocabularySize: count - 1)
        #expect(throws: ModelError.vocabularyTooLarge(tokens: count, rows: count - 1)) {
            try MultimodalModel(small, DocumentTokenizer(tokenizer, nil), contextLength: 9)
        }
        let other = try BPETrainer().train([""], vocabularySize: 256, imageCodeCount: 3)
        let model = try TinyModel.llama.make(vocabularySize: other.space.count)
        #expect(throws: ModelError.codesDiffer(tokenizer: 8, vocabulary: 3)) {
            try MultimodalModel(model, DocumentTokenizer(other, GrayTokenizer()), contextLength: 9)
        }
    }
}
