import Documents
import Foundation
import PictureDictionary
import Testing
import Vocabulary

@Suite struct WordingTests {
    @Test("Every kind of question has many wordings") func everyKindHasManyWordings() {
        for wordings in Wordings.all {
            #expect(wordings.trained.count >= 15)
            #expect(wordings.heldOut.count >= 12)
            #expect(Set(wordings.trained).count == wordings.trained.count)
            #expect(Set(wordings.heldOut).count == wordings.heldOut.count)
        }
        #expect(Wordings.draw.trained.count >= 50)
        #expect(Wordings.define.trained.count >= 40)
    }

    /// Prevents a measure of new wordings that were trained on.
    @Test("No held out wording is trained") func noHeldOutWordingIsTrained() throws {
        let heldOut = Wordings.all.flatMap(\.heldOut)
        let trained = Set(Wordings.all.flatMap(\.trained).map { Self.plain($0.template) })
        for wording in heldOut {
            #expect(!trained.contains(Self.plain(wording.template)), "\(wording.template)")
        }
        let patterns = try heldOut.map { ($0.template, try Self.pattern($0.template)) }
        let conversations = try SharedDictionary.data.conversations.prefix(4000)
        let questions = Set(conversations.flatMap(\.questions).map(Self.plain))
        #expect(questions.count > 2000)
        for (template, pattern) in patterns {
            let asked = questions.filter { $0.wholeMatch(of: pattern) != nil }
            #expect(asked.isEmpty, "\(template): \(asked)")
        }
    }

    /// Prevents a pattern that matches nothing.
    @Test("Patterns find their wordings") func patternsFindTheirWordings() throws {
        let question = Self.plain("Sketch a small cat for me")
        #expect(try question.wholeMatch(of: Self.pattern("Sketch {a} for me.")) != nil)
        #expect(try question.wholeMatch(of: Self.pattern("Sketch {a}, please.")) == nil)
    }

    /// Prevents a model that takes only the wordings in the data's first documents for questions.
    @Test("Questions are asked in many wordings") func questionsAreAskedInManyWordings() throws {
        let questions = try SharedDictionary.data.conversations.prefix(4000).flatMap(\.questions)
        for wording in Wordings.draw.trained + Wordings.define.trained {
            let pattern = try Self.pattern(wording.template)
            #expect(
                questions.contains { Self.plain($0).wholeMatch(of: pattern) != nil },
                "\(wording.template)"
            )
        }
        let lowercase = questions.count { $0 == $0.lowercased() }
        let open = questions.count { $0.last.map(\.isPunctuation) != true }
        #expect((0.12...0.25).contains(Double(lowercase) / Double(questions.count)))
        #expect((0.12...0.25).contains(Double(open) / Double(questions.count)))
    }

    /// Prevents a model that cannot answer a second question.
    @Test("A quarter of the conversations have several turns")
    func aQuarterOfTheConversationsHaveSeveralTurns() throws {
        let conversations = try SharedDictionary.data.conversations.prefix(2000)
        let turnCounts = conversations.map(\.turnCount)
        let share = Double(turnCounts.count { $0 > 1 }) / Double(turnCounts.count)
        #expect((0.18...0.27).contains(share), "\(share)")
        #expect(turnCounts.contains(2) && turnCounts.contains(3))
        #expect(turnCounts.allSatisfy { (1...3).contains($0) })
    }

    /// Prevents answers whose end is cut off by the context of 512 tokens.
    @Test("Conversations of several turns fit into the context")
    func conversationsOfSeveralTurnsFit() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "models/dictionary/answers")
        let tokenizer = try Tokenizer(contentsOf: folder)
        for document in try SharedDictionary.data.conversations.prefix(2000)
        where document.turnCount > 1 {
            let texts = document.texts.reduce(0) { $0 + tokenizer.encode($1).count }
            // 64 codes and <break> an image, two roles and <eos> a turn, and <eos> first.
            let count = texts + document.images.count * 65 + document.turnCount * 3 + 1
            #expect(count <= 512, "\(document.words)")
        }
    }

    /// The template or question in lower case, its punctuation as blanks.
    private static func plain(_ text: String) -> String {
        text.lowercased().split { !$0.isLetter && !"{}".contains($0) }.joined(separator: " ")
    }

    private static func pattern(_ template: String) throws -> Regex<Substring> {
        let words = plain(template).split(separator: " ").map {
            $0.hasPrefix("{") ? ".+" : String($0)
        }
        return try Regex(words.joined(separator: " "), as: Substring.self)
    }
}

extension Document {
    /// What users ask in words.
    fileprivate var questions: [String] {
        segments.compactMap { segment in
            guard segment.role == .user, case .text(let text) = segment.content else { return nil }
            return text
        }
    }

    /// How often the assistant answers.
    fileprivate var turnCount: Int {
        zip(segments, segments.dropFirst()).count { $0.role == .user && $1.role == .assistant }
    }
}
