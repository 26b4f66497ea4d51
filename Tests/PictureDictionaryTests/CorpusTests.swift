import Documents
import PictureDictionary
import Testing

@Suite struct CorpusTests {
    @Test("Text corpus has its size") func textCorpusHasItsSize() throws {
        let text = try SharedDictionary.data.text
        let bytes = text.reduce(0) { $0 + $1.words.utf8.count }
        #expect((5_000_000...13_000_000).contains(bytes), "\(bytes)")
        #expect(text.prefix(2000).allSatisfy { $0.images.isEmpty && !$0.words.isEmpty })
    }

    /// Prevents the text parent from learning to answer before it is fused.
    @Test("Text corpus asks nothing") func textCorpusAsksNothing() throws {
        let text = try SharedDictionary.data.text
        #expect(!text.prefix(5000).contains { $0.words.hasPrefix("What ") })
    }

    /// Prevents a text parent that never says again what it has read.
    @Test("Headings are said again") func headingsAreSaidAgain() throws {
        let texts = try SharedDictionary.data.text.prefix(4000).map(\.words)
        let headed = texts.filter { $0.hasPrefix("Entry: ") }
        #expect((400...600).contains(headed.count), "an eighth of 4000, not \(headed.count)")
        for text in headed {
            let parts = text.dropFirst("Entry: ".count).split(separator: ". ", maxSplits: 1)
            let entry = try #require(parts.last).lowercased()
            #expect(parts.count == 2 && entry.contains(parts[0].lowercased()), "\(text)")
        }
    }

    /// Prevents held-out concepts from leaking into tuning, in words or in images.
    @Test("Conversations leave held out concepts alone")
    func conversationsLeaveHeldOutConceptsAlone() throws {
        let data = try SharedDictionary.data
        let heldOut = data.concepts.filter { $0.split == .heldOut }
        let sentences = Set(heldOut.compactMap(\.definition?.sentence))
        let images = Set(heldOut.map { data.painter.image(of: Scene($0)).pixels })
        for document in data.conversations.prefix(2000) {
            let words = document.words
            #expect(!sentences.contains { words.contains($0) }, "\(words)")
            #expect(!document.images.contains { images.contains($0.pixels) }, "\(words)")
        }
    }

    @Test("Users ask and assistants answer") func usersAskAndAssistantsAnswer() throws {
        for document in try SharedDictionary.data.conversations.prefix(500) {
            let roles = document.segments.map(\.role)
            let answer = try #require(roles.firstIndex(of: .assistant))
            #expect(answer > 0)
            #expect(roles[..<answer].allSatisfy { $0 == .user })
            #expect(roles[answer...].allSatisfy { $0 == .assistant })
        }
    }

    @Test("Every kind of question is asked about held out concepts")
    func everyKindOfQuestionIsAskedAboutHeldOutConcepts() throws {
        let data = try SharedDictionary.data
        for kind in Conversation.Kind.allCases {
            let questions = data.questions.filter { $0.kind == kind }
            #expect(questions.count >= 40, "\(kind)")
            #expect(questions.allSatisfy { $0.concepts.allSatisfy { $0.split == .heldOut } })
        }
        for item in data.questions {
            let answer = Document(item.answer)
            let imageCount = item.kind == .name ? 0 : item.concepts.count
            let isExplained = [.define, .compare, .name].contains(item.kind)
            #expect(item.question.allSatisfy { $0.role == .user })
            // The images come first, then the explanations.
            #expect(Document(Array(item.answer.prefix(imageCount))).images.count == imageCount)
            #expect(answer.texts.count == (isExplained ? 1 : 0))
            #expect(item.answer.count == imageCount + answer.texts.count)
            for concept in item.concepts where isExplained {
                #expect(concept.definition.map { answer.words.contains($0.sentence) } ?? true)
            }
        }
    }

    @Test("Half of the captions are plain") func halfOfTheCaptionsArePlain() throws {
        let captions = try SharedDictionary.data.captions.prefix(1200)
        let plain = captions.count { document in
            !["background", "small", "medium-sized"].contains(where: document.words.contains)
        }
        #expect((0.45...0.6).contains(Double(plain) / Double(captions.count)))
        #expect(captions.allSatisfy { $0.segments.count == 2 && $0.images.count == 1 })
    }

    /// Prevents a round of captions from leaving concepts out.
    @Test("Every round shows every concept") func everyRoundShowsEveryConcept() throws {
        let data = try SharedDictionary.data
        let round = data.captions.prefix(data.concepts.count)
        #expect(data.captions.count == 2 * data.concepts.count)
        for concept in data.concepts.prefix(100) {
            let bare =
                concept.name.hasPrefix("the ") ? concept.name.dropFirst(4) : concept.name[...]
            #expect(round.contains { $0.words.contains(bare) }, "\(bare)")
        }
    }

    /// Prevents an image parent that finds captions by their place alone, or that learns to answer.
    @Test("Captions stand in sentences") func captionsStandInSentences() throws {
        let data = try SharedDictionary.data
        let texts = data.sentences.prefix(1000).map(\.words)
        let inSentences = texts.filter { text in
            !["a ", "an "].contains(where: text.hasPrefix) && text.contains(" a")
        }
        #expect(inSentences.count > 400, "\(inSentences.count)")
        #expect(!texts.contains { $0.contains("?") || $0.hasPrefix("Draw") })
        #expect(data.sentences.count == data.captions.count)
    }

    /// Prevents tuning from learning what a held-out concept looks like beside its definition.
    @Test("Interleaved images have nothing to do with their prose")
    func interleavedImagesHaveNothingToDoWithTheirProse() throws {
        let data = try SharedDictionary.data
        let heldOut = data.concepts.filter { $0.split == .heldOut }
        let images = Set(heldOut.map { data.painter.image(of: Scene($0)).pixels })
        #expect(data.interleaved.count == data.conversations.count)
        for (document, prose) in zip(data.interleaved.prefix(500), data.text) {
            #expect(document.segments.count == 2 && document.segments.last == prose.segments[0])
            let image = try #require(document.images.first)
            #expect(!images.contains(image.pixels))
        }
    }

    /// Prevents a change that goes unnoticed from making other data of the same seed.
    @Test("First documents are always the same") func firstDocumentsAreAlwaysTheSame() throws {
        let data = try SharedDictionary.data
        #expect(Self.hash(data.text) == 16_993_382_704_909_732_701)
        #expect(Self.hash(data.captions) == 16_454_638_135_184_395_078)
        #expect(Self.hash(data.sentences) == 8_557_913_600_730_609_363)
        #expect(Self.hash(data.interleaved) == 16_837_557_276_872_353_893)
        #expect(Self.hash(data.conversations) == 14_925_231_780_271_373_589)
    }

    private static func hash(_ corpus: some Sequence<Document>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for document in corpus.prefix(100) { document.hash(into: &hash) }
        return hash
    }
}
