internal import Documents

extension PictureBook {
    /// Which answers of the LLM are not known, in one line; `nil` if all are.
    package var missingAnswers: String? {
        func count(_ questions: [Document]) -> String? {
            let missing = questions.count { llmAnswers[$0.text] == nil }
            return missing == 0 ? nil : "\(missing) of \(questions.count)"
        }
        let parts = [
            count(thingQuestions).map { "\($0) about things, which WordNet explains" },
            count(talkQuestions).map { "\($0) of talk, left out" },
            count(llmQuestions(after: llmAnswers)).map { "\($0) after an image, left out" },
        ].compactMap(\.self)
        return parts.isEmpty
            ? nil : "questions without an answer of the LLM: " + parts.joined(separator: "; ")
    }

    /// How many things and drawings there are, and how many are held out, in one line.
    package var summary: String {
        let drawings = concepts.reduce(0) { $0 + $1.drawings.count }
        let several = concepts.count { $0.drawings.count > 1 }
        let heldOutThings = concepts.count { $0.split == .heldOut }
        let heldOutDrawings = concepts.count { $0.heldOutDrawing != nil }
        return "\(concepts.count) things, \(several) with two or more of the \(drawings) drawings; "
            + "\(heldOutThings) things and \(heldOutDrawings) drawings are held out"
    }
}
