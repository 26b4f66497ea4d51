import Documents
import PictureDictionary
import Testing

/// Conversations and questions of the picture book, with a few drawings beside the emoji.
@Suite struct BookTests {
    /// Prevents held-out things and drawings from leaking into tuning, in words or in images.
    @Test("Conversations leave held-out things, drawings and wordings alone")
    func conversations() throws {
        let book = try SharedBook.book
        let concepts = book.concepts.filter { !SharedBook.dotted.contains($0.name) }
        let heldOut = concepts.filter { $0.split == .heldOut }
        let hiddenScenes =
            heldOut.map { Scene($0) }
            + concepts.compactMap { concept in
                concept.heldOutDrawing.map { Scene(concept, drawing: $0) }
            }
        let hidden = Set(hiddenScenes.map { book.painter.image(of: $0).pixels })
        #expect(hidden.count == hiddenScenes.count && hidden.count > heldOut.count)
        let sentences = Set(heldOut.compactMap(\.definition?.sentence))
        for document in book.conversations {
            #expect(!document.images.contains { hidden.contains($0.pixels) }, "\(document.text)")
            #expect(!sentences.contains { document.text.contains($0) }, "\(document.text)")
            #expect(document.segments.first?.role == .user)
            #expect(document.segments.last?.role == .assistant)
            #expect(!document.text.contains("{"), "\(document.text)")
        }
    }

    @Test("The book has things that people ask for by name") func things() throws {
        let names = Set(try SharedBook.book.concepts.map(\.name))
        #expect(names.isSuperset(of: ["cat", "broom", "pizza", "parrot"]))
        #expect(names.isDisjoint(with: ["locked with key", "VS button", "grinning face"]))
    }

    /// Prevents an image parent that only finds names where the assistant says them.
    @Test("In conversations the user also names what the assistant draws") func usersNames() throws
    {
        let book = try SharedBook.book
        let heldOut = book.concepts.filter { $0.split == .heldOut }.map(\.name)
        var named = 0
        for document in book.captions {
            let roles = document.segments.map(\.role)
            #expect(!zip(roles, roles.dropFirst()).contains { $0 == .user && $1 == .user })
            for (asked, drawn) in zip(document.segments, document.segments.dropFirst()) {
                guard asked.role == .user, case .text(let text) = asked.content,
                    let altText = drawn.altText
                else { continue }
                named += heldOut.contains { text.contains($0) && altText.contains($0) } ? 1 : 0
            }
        }
        #expect(named > 5)
    }

    /// Prevents an image parent that has read what riddles about held-out things say.
    @Test("Captions explain no held-out thing") func captions() throws {
        let book = try SharedBook.book
        let explained = book.concepts.filter { $0.definition != nil }
        let texts = Set(book.captions.flatMap(\.texts))
        func count(_ split: Concept.Split) -> Int {
            explained.count { concept in
                concept.split == split
                    && texts.contains((concept.definition?.sentence ?? "") + "\n")
            }
        }
        #expect(count(.tuning) > 20 && count(.heldOut) == 0)
    }

    @Test("The LLM's own words are taken where they are known")
    func ownWords() throws {
        let texts = try SharedBook.book.conversations.map(\.text)
        #expect(texts.contains { $0.hasSuffix("You are welcome.") })
        #expect(!texts.contains { $0.contains("feline mammal usually") && $0.contains("A cat is") })
        #expect(try SharedBook.book.llmQuestions.map(\.text).contains("What is a cat?"))
    }

    /// Prevents training an LLM on answers that it gave to something else.
    @Test("What follows an image is asked in the words to which the LLM's answer is known")
    func secondTurnsInWords() throws {
        let book = try SharedBook.book
        let documents = book.wordsAfterImages.filter {
            $0.texts.last?.hasPrefix(SharedBook.secondAnswer) == true
        }
        for document in documents {
            let words = document.segments.dropLast().compactMap { segment -> String? in
                guard case .text(let text) = segment.content else {
                    return segment.altText.map { $0 + "\n" }
                }
                return text
            }
            let answer = SharedBook.secondAnswer(to: words.joined(separator: "\n"))
            #expect(document.texts.last == answer)
            #expect(document.images.count == 1)
        }
        let shown = documents.count { $0.altTexts.isEmpty }
        #expect(shown > 10 && documents.count - shown > 10)
    }

    /// Prevents an image parent that knows by heart what the LLM says after images, and a shard without
    /// end.
    @Test("Only a shard of its own has the LLM's words after images")
    func wordsAfterImages() throws {
        let book = try SharedBook.book
        let (words, others) = (book.wordsAfterImages, book.conversations)
        #expect(words.count == 193 && others.count == 806)
        func endsAfterImage(_ document: Document) -> Bool {
            let answered = document.segments.dropLast().contains { $0.role == .assistant }
            let last = document.segments.last?.content
            guard answered, case .text(let text) = last else { return false }
            return text.hasPrefix(SharedBook.secondAnswer) || text == "No."
        }
        #expect(words.allSatisfy { !$0.images.isEmpty && endsAfterImage($0) })
        #expect(!others.contains(where: endsAfterImage))
        #expect(book.missingAnswers?.hasSuffix("of talk, left out") == true)

        let silent = try SharedBook.silentBook
        #expect(silent.wordsAfterImages.isEmpty && silent.conversations.count == 806)
        #expect(silent.missingAnswers?.hasSuffix("after an image, left out") == true)
    }

    /// Prevents measuring what was trained.
    @Test("Questions are about what their novelty says, and say what is right")
    func questions() throws {
        let book = try SharedBook.book
        let questions = book.questions(limit: 20)
        let trained = Set(book.conversations.map { $0.texts.first ?? "" })
        for question in questions {
            let conversation = question.conversation
            guard let concept = conversation.concepts.first else {
                #expect(conversation.kind == .talk)
                continue
            }
            #expect((concept.split == .heldOut) == (question.novelty == .things))
            #expect(!trained.contains(Document(conversation.question).texts.first ?? ""))
            if question.novelty == .drawings {
                #expect(concept.heldOutDrawing != nil && conversation.kind.showsPicture)
            }
            let answer = Document(conversation.answer)
            #expect(answer.images.count == conversation.expected.pictures.count)
        }
        for kind in BookConversation.Kind.allCases {
            let count = questions.count { $0.conversation.kind == kind && $0.novelty == .wordings }
            #expect(count == 20, "\(kind)")
        }
    }

    /// Prevents second turns that are answered from the words of the first, or by its picture again.
    @Test("Second turns ask what only the picture tells, or for another picture")
    func secondTurns() throws {
        let book = try SharedBook.book
        let index = ConceptIndex(book.concepts, painter: book.painter)
        var kinds: [String: Int] = [:]
        for question in book.questions(limit: 60)
        where question.conversation.kind == .followUp {
            let conversation = question.conversation
            let answer = Document(conversation.answer)
            #expect(BookOutcome(question, answer: answer, index: index).isRight, "\(answer.text)")
            let opening = Document(conversation.question)
            if let color = conversation.expected.words.first {
                let words = (opening.texts + opening.altTexts).joined(separator: " ")
                #expect(Background(rawValue: color) != nil && !words.contains(" \(color) "))
                kinds["color", default: 0] += 1
            } else {
                let again = BookOutcome(
                    question,
                    answer: Document(conversation.question.filter { $0.role == .assistant }),
                    index: index
                )
                #expect(!again.isRight, "\(opening.text)")
                kinds[conversation.expected.isSmall ? "small" : "ground", default: 0] += 1
            }
        }
        #expect(kinds.count == 3 && kinds.values.allSatisfy { $0 > 5 }, "\(kinds)")
    }

    /// Prevents a second turn that is answered with the image of the first, and questions that depend on
    /// what the LLM said.
    @Test("A new subject is talk after an image, or a drawing of what was not spoken of")
    func newSubjects() throws {
        let book = try SharedBook.book
        let index = ConceptIndex(book.concepts, painter: book.painter)
        let questions = book.questions(limit: 60).filter {
            [.askAfter, .talkAfter, .drawAfter].contains($0.conversation.kind)
        }
        for question in questions {
            let conversation = question.conversation
            let opening = Document(conversation.question)
            #expect(!opening.texts.contains { $0.allSatisfy(\.isWhitespace) }, "\(opening.text)")
            let before = Document(conversation.question.filter { $0.role == .assistant })
            func isRight(_ answer: Document) -> Bool {
                BookOutcome(question, answer: answer, index: index).isRight
            }
            if !before.images.isEmpty { #expect(!isRight(before), "\(opening.text)") }
            if conversation.kind == .drawAfter {
                #expect(isRight(Document(conversation.answer)), "\(opening.text)")
            } else {
                #expect(!opening.images.isEmpty)
                #expect(isRight(Document([.text("Nobody knows.", role: .assistant)])))
                #expect(!isRight(Document([.text(" ", role: .assistant)])))
            }
        }
        #expect(questions.count > 300)
    }

    @Test("Riddles do not say the name")
    func riddles() throws {
        for question in try SharedBook.book.questions(limit: 200)
        where question.conversation.kind == .riddle {
            let conversation = question.conversation
            let name = conversation.concepts[0].name.lowercased()
            let words = Document(conversation.question).text.lowercased().split { !$0.isLetter }
            #expect(!words.contains { $0 == name }, "\(name)")
        }
    }

    @Test("Every kind has 40 wordings, of which ten or more are held out")
    func wordings() {
        let all = [
            BookWordings.explain, BookWordings.draw, BookWordings.riddle, BookWordings.several,
            BookWordings.name, BookWordings.describe, BookWordings.yesOrNo, BookWordings.oneOfFour,
            BookWordings.talk, BookWordings.talkAfter, BookWordings.askAfter,
        ]
        for wordings in all {
            #expect(Set(wordings.trained).isDisjoint(with: wordings.heldOut))
            #expect(wordings.heldOut.count >= 10)
            #expect(Set(wordings.trained + wordings.heldOut).count >= 40)
        }
    }
}
