package import Documents
internal import Foundation

extension ConversationFormat {
    /// Tokenizes a conversation.
    ///
    /// 1. Render it with marks around the content of each turn and in place of images, and without
    ///    marks around contents. The second is what is encoded. If the template passes contents on
    ///    as they are, both are the same text, and the marks say which tokens are whose.
    /// 2. Encode the text between images; an image is its special tokens and codes.
    /// 3. An answer is what a turn of the assistant adds to the same conversation rendered up to
    ///    the head of that turn, up to the token that ends the turn; or the `{% generation %}`
    ///    blocks of the template, if it has some.
    ///
    /// - Parameters:
    ///   - document: its segments have roles.
    ///   - isPrompt: whether an answer follows. A last turn of the assistant is then continued.
    ///   - image: encodes an image as codes.
    /// - Throws: `TemplateError` if the template refuses the conversation, `MissingSpecialToken` for
    ///   an image in a vocabulary without images, and what `image` throws.
    package func sequence(
        of document: Document,
        isPrompt: Bool = false,
        image: (Image) throws -> [Int]
    ) throws -> TokenSequence {
        try tokenizer.space.check(.imageStart, isNeeded: !document.images.isEmpty, "an image")
        let renderer = ConversationRenderer(document, template, tokenizer)
        let codes = try document.images.map(image)
        let continues = isPrompt && renderer.turns.last?.role == .assistant
        let rendered = try renderer.render(headsAnswer: isPrompt && !continues)
        var whole = try encode(rendered.text, codes, renderer)
        if continues {
            guard let end = whole.places.last(where: { $0.mark == .contentEnd })?.index else {
                throw TemplateError.changesContent(place: template.place)
            }
            whole.sequence = whole.sequence.prefix(end)
        }
        addPieces(to: &whole, renderer)
        guard !isPrompt else { return whole.sequence }
        for range in try answers(in: whole.sequence, rendered, codes, renderer) {
            whole.sequence.addAnswer(range)
        }
        return whole.sequence
    }

    // MARK: - Tokens

    /// Tokens, and the number of tokens before each mark.
    private struct Encoded {
        var sequence = TokenSequence()
        var places: [(mark: ConversationMark, index: Int)] = []
    }

    private func encode(
        _ text: MarkedText,
        _ codes: [[Int]],
        _ renderer: ConversationRenderer
    ) throws(TemplateError) -> Encoded {
        guard text.marks.count(where: { $0.mark == .image }) == codes.count else {
            throw .dropsImages(place: template.place)
        }
        var encoded = Encoded()
        var imageCount = 0
        for (stretch, image) in text.stretches {
            let added = tokenizer.encode(
                rendered: stretch.bytes,
                removing: renderer.marks.protection,
                counting: stretch.marks.map(\.offset),
                isBeginning: imageCount == 0
            )
            let start = encoded.sequence.tokens.count
            encoded.places += zip(stretch.marks, added.counts).map { ($0.mark, start + $1) }
            encoded.sequence.append(added.tokens)
            guard image else { continue }
            encoded.places.append((.image, encoded.sequence.tokens.count))
            encoded.sequence.appendImage(
                codes[imageCount],
                role: renderer.roleOfImage[imageCount],
                in: tokenizer.space
            )
            encoded.places.append((.imageEnd, encoded.sequence.tokens.count))
            imageCount += 1
        }
        return encoded
    }

    // MARK: - Whose tokens

    /// Adds a piece for each text of a turn.
    private func addPieces(to encoded: inout Encoded, _ renderer: ConversationRenderer) {
        let count = encoded.sequence.tokens.count
        guard encoded.places.contains(where: { $0.mark == .contentStart }) else {
            // The template changes contents: all text between special tokens counts.
            encoded.sequence.addTextPieces(in: tokenizer.space)
            return
        }
        var turn = -1
        var start: Int?
        for (mark, index) in encoded.places {
            switch mark {
            case .contentStart:
                turn += 1
                start = index
            case .imageEnd: start = index
            case .image, .contentEnd:
                if let first = start, first < min(index, count) {
                    let role = renderer.turns[turn].role
                    encoded.sequence.addPiece(first..<min(index, count), role)
                }
                start = nil
            }
        }
    }

    private func answers(
        in sequence: TokenSequence,
        _ rendered: ConversationRenderer.Rendered,
        _ codes: [[Int]],
        _ renderer: ConversationRenderer
    ) throws -> [Range<Int>] {
        func tokens(_ turns: Int, headsAnswer: Bool) throws -> Int {
            let text = try renderer.render(turns, headsAnswer: headsAnswer).text
            let images = renderer.imageCount(ofFirst: turns)
            let other = try encode(text, Array(codes.prefix(images)), renderer).sequence
            return sequence.tokens.commonPrefixCount(other.tokens)
        }
        var ranges: [Range<Int>] = []
        for (index, turn) in renderer.turns.enumerated() where turn.role == .assistant {
            let start = index == 0 ? 0 : try tokens(index, headsAnswer: true)
            let end =
                index + 1 == renderer.turns.count
                ? sequence.tokens.count : try tokens(index + 1, headsAnswer: false)
            guard start < end else { throw TemplateError.changesContent(place: template.place) }
            ranges.append(start..<endOfTurn(in: sequence, start..<end))
        }
        return ranges
    }

    /// The end of a turn: after its last special token, as in `<|im_end|>` and a line break.
    private func endOfTurn(in sequence: TokenSequence, _ range: Range<Int>) -> Int {
        let images = RangeSet(sequence.pieces.filter { $0.kind == .image }.map(\.range))
        let last = range.last { !images.contains($0) && isTurnEnd(sequence.tokens[$0]) }
        return last.map { $0 + 1 } ?? range.upperBound
    }
}

extension [TokenID] {
    fileprivate func commonPrefixCount(_ other: [TokenID]) -> Int {
        zip(self, other).prefix { $0 == $1 }.count
    }
}
