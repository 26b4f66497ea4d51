package import Documents

/// The data for a real LLM and an image parent: things with several drawings, captions, and
/// conversations in words and images.
package struct PictureBook: Sendable {
    /// All concepts: those with an emoji in the order of their characters, then the others.
    package let concepts: [Concept]
    package let painter: ScenePainter
    /// What the image parent trains on, in both orders; no held-out drawing.
    package let captions: Corpus
    /// What a fused model is tuned on, and an image parent, too.
    package let conversations: Corpus
    /// What only a fused model is tuned on: conversations that the LLM goes on with after an image.
    ///
    /// An image parent would know its words by heart. Empty if the LLM's answers are not known.
    package let wordsAfterImages: Corpus
    /// Writes them, with what the LLM itself says.
    private let writer: BookWriter
    let seed: UInt64

    /// Reads the sources and plans the corpora.
    ///
    /// - Parameters:
    ///   - sources: the emoji, their names and WordNet.
    ///   - drawings: the other drawings.
    ///   - seed: the random seed.
    ///   - captionRounds: how often captions show each drawing.
    ///   - conversationCount: how many conversations there are, those that the LLM goes on with among
    ///     them.
    ///   - llmAnswers: what the LLM says to ``llmQuestions`` and ``llmQuestions(after:)``, by the text
    ///     of the question.
    /// - Throws: ``DictionaryError`` for what is wrong with a source.
    package init(
        sources: DictionarySources = DictionarySources(),
        drawings: DrawingSources = DrawingSources(),
        seed: UInt64 = 0,
        captionRounds: Int = 40,
        conversationCount: Int = 20_000,
        llmAnswers: [String: String] = [:]
    ) throws(DictionaryError) {
        precondition(captionRounds > 0 && conversationCount > 0, "an empty corpus")
        let others = try drawings.read()
        let wordNet = try WordNet(sources)
        var catalog = try ConceptCatalog(sources: sources, wordNet: wordNet)
        catalog.add(others, wordNet: wordNet)
        catalog.keepNouns(of: wordNet)
        let concepts = catalog.concepts
        let painter = ScenePainter(catalog)
        self.concepts = concepts
        self.painter = painter
        captions = .bookCaptions(
            of: concepts,
            rounds: captionRounds,
            painter: painter,
            preface: BookPreface(concepts: concepts, llmAnswers: llmAnswers),
            seed: seed
        )
        let writer = BookWriter(
            tuning: concepts,
            painter: painter,
            llmAnswers: llmAnswers
        )
        func conversations(
            _ kinds: [BookConversation.Kind],
            _ stream: UInt64
        ) -> Corpus {
            let share = kinds.reduce(0) { $0 + $1.share }
            return .bookConversations(
                of: kinds.filter(writer.canWrite),
                count: conversationCount * share / BookConversation.Kind.allShares,
                by: writer,
                seed: seed,
                stream
            )
        }
        let all = BookConversation.Kind.allCases
        self.conversations = conversations(all.filter { !$0.isWordsAfterImage }, 6)
        wordsAfterImages = conversations(all.filter(\.isWordsAfterImage), 10)
        self.writer = writer
        self.seed = seed
    }

    /// What the LLM itself says to questions, by their text.
    var llmAnswers: [String: String] { writer.llmAnswers }

    /// The questions that the LLM has to answer before the conversations are written: what things
    /// are that are not held out, and all talk without pictures.
    package var llmQuestions: [Document] {
        thingQuestions + talkQuestions
    }

    /// Those of them about things.
    var thingQuestions: [Document] {
        writer.vocabulary.defined.map { Self.asked(BookWriter.plainQuestion(about: $0)) }
    }

    /// Those of them without pictures: without answers to the others, WordNet explains things.
    package var talkQuestions: [Document] {
        let talk = BookWordings.talk
        return (talk.trained + talk.heldOut + BookWordings.talkAfter.trained).map {
            Self.asked($0.template)
        }
    }

    /// The questions that it has to answer then: second turns, in which what it answered comes first.
    package func llmQuestions(after answers: [String: String]) -> [Document] {
        var writer = writer
        writer.llmAnswers = answers
        return writer.vocabulary.askable.flatMap { concept in
            [true, false].compactMap { isShown in
                writer.unansweredQuestion(after: concept, isShown: isShown)?.questionInWords
            }
        }
    }

    private static func asked(_ question: String) -> Document {
        Document([.text(question, role: .user)])
    }
}
