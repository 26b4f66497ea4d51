import Basics
import Documents
import Foundation

/// Renders one conversation by a chat template, in which what users write is protected from being
/// read as a special token.
struct ConversationRenderer {
    /// Adjacent segments of one role; of the assistant also all learned, or all not.
    let turns: [(role: Role, segments: [Segment])]
    let marks: ConversationMarks
    private let template: ChatTemplate
    private let tokenizer: Tokenizer
    /// The same for all renderings, whatever the template does with it.
    private let now = Date.now

    init(_ document: Document, _ template: ChatTemplate, _ tokenizer: Tokenizer) {
        var turns: [(role: Role, segments: [Segment])] = []
        for segment in document.segments {
            var segment = segment
            // What has no role belongs to the turn before it, or is what the user says.
            if segment.role == nil, let turn = turns.last {
                segment.isLearned = turn.segments[0].isLearned
            }
            let role = segment.role ?? turns.last?.role ?? .user
            let differs =
                role == .assistant && turns.last?.segments[0].isLearned != segment.isLearned
            if turns.last?.role != role || differs { turns.append((role, [])) }
            turns[turns.count - 1].segments.append(segment)
        }
        self.turns = turns
        self.template = template
        self.tokenizer = tokenizer
        marks = ConversationMarks(avoiding: document.texts + [template.source])
    }

    /// The role of each image.
    var roleOfImage: [Role] {
        turns.flatMap { turn in turn.segments.filter(\.isImage).map { _ in turn.role } }
    }

    /// The number of images in the first turns.
    func imageCount(ofFirst count: Int) -> Int {
        turns.prefix(count).reduce(0) { $0 + $1.segments.count(where: \.isImage) }
    }

    /// Renders the first turns, or all; contents are marked if the template passes them on.
    ///
    /// - Parameters:
    ///   - count: the number of turns; `nil` for all.
    ///   - headsAnswer: whether the head of an answer follows them.
    /// - Returns: the text, with marks of images in any case.
    /// - Throws: `TemplateError` if the template refuses them.
    func render(_ count: Int? = nil, headsAnswer: Bool) throws(TemplateError) -> MarkedText {
        let turns = turns.prefix(count ?? turns.count)
        func rendered(_ marked: Bool) throws(TemplateError) -> MarkedText {
            let messages = turns.map { turn -> JSON in
                let content = content(of: turn.segments, marked: marked)
                return ["role": .string(turn.role.rawValue), "content": .string(content)]
            }
            let text = try template.renderMarkingAnswers(
                messages,
                beginsAnswer: headsAnswer,
                variables: tokenizer.templateVariables,
                now: now
            )
            return MarkedText(text, marks)
        }
        let plain = try rendered(false)
        // What a template does with a mark is no reason to refuse the conversation.
        guard let marked = try? rendered(true), marked.bytes == plain.bytes,
            marked.marks.count(where: { $0.mark == .contentStart }) == turns.count,
            marked.marks.count(where: { $0.mark == .contentEnd }) == turns.count
        else { return plain }
        return marked
    }

    /// The content of a message, with a mark for each image.
    ///
    /// Marks around it go inside of white space at its ends, which templates trim.
    private func content(of segments: [Segment], marked: Bool) -> String {
        var content = ""
        // Texts side by side are protected together, since together they may spell a special token.
        var plain = ""
        for segment in segments {
            if case .text(let text) = segment.content, !segment.parsesSpecialTokens {
                plain += text
                continue
            }
            content += tokenizer.protecting(plain, by: marks.protection)
            plain = ""
            switch segment.content {
            case .text(let text): content += text
            case .image: content.unicodeScalars.append(marks.image)
            }
        }
        content += tokenizer.protecting(plain, by: marks.protection)
        guard marked else { return content }
        var scalars = content.unicodeScalars
        func isInk(_ scalar: Unicode.Scalar) -> Bool { !scalar.properties.isWhitespace }
        let start = scalars.firstIndex(where: isInk) ?? scalars.endIndex
        scalars.insert(marks.contentStart, at: start)
        let end = scalars.lastIndex(where: isInk).map(scalars.index(after:)) ?? scalars.endIndex
        scalars.insert(marks.contentEnd, at: end)
        return String(scalars)
    }
}
