import Documents
import PictureDictionary
import Testing

@Suite struct WordingTests {
    @Test("Drawings and explanations have many held out wordings")
    func drawingsAndExplanationsHaveManyHeldOutWordings() {
        for wordings in [Wordings.draw, .define] {
            #expect(wordings.heldOut.count >= 12)
            #expect(
                Set(wordings.trained + wordings.heldOut).count
                    == wordings.trained.count + wordings.heldOut.count
            )
        }
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
}
