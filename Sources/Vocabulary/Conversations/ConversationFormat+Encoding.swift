package import Documents
internal import Foundation

extension ConversationFormat {
    /// Tokenizes a conversation.
    ///
    /// 1. Render it with marks around the content of each turn and in place of images, and without
    ///    marks around contents. The second is what is encoded. If the template passes contents on
    ///    as they are, both are the same text, and the marks say which tokens are whose.
    /// 2. Encode the text between images; an image is the tokens of its frame.
    /// 3. An answer is what stands in a `{% generation %}` block of the template. Without such
    ///    blocks it is what follows the same conversation rendered up to the head of the answer,
    ///    through the special token that ends the turn. A turn that is not learned is no answer.
    /// 4. `<draw>` begins each answer that begins with an image, and `<tell>` one that has images behind
    ///    words, if the vocabulary has them.
    ///
    /// - Parameters:
    ///   - document: its segments have roles.
    ///   - isPrompt: whether an answer follows. A last turn of the assistant is then continued.
    ///   - image: encodes an image in its frame.
    /// - Returns: its tokens.
    /// - Throws: `TemplateError` if the template refuses the conversation, and what `image` throws.
    package func sequence(
        of document: Document,
        isPrompt: Bool = false,
        image: (Image) throws -> FramedImage
    ) throws -> TokenSequence {
        let renderer = ConversationRenderer(document, template, tokenizer)
        var images: [FramedImage] = []
        for segment in document.segments {
            guard case .image(let bitmap) = segment.content else { continue }
            var framed = try image(bitmap)
            framed.altText = tokenizer.space.altText(of: segment) { tokenizer.encode($0) }
            images.append(framed)
        }
        let continues = isPrompt && renderer.turns.last?.role == .assistant
        let text = try renderer.render(headsAnswer: isPrompt && !continues)
        var whole = try encode(text, images, renderer)
        if !isPrompt {
            let answers = try answers(in: whole, images, renderer)
            let turns = renderer.turns.filter { $0.role == .assistant }
            guard answers.count == turns.count || turns.allSatisfy(\.segments[0].isLearned) else {
                throw TemplateError.changesContent(place: template.place)
            }
            for (index, range) in answers.enumerated()
            where answers.count != turns.count || turns[index].segments[0].isLearned {
                whole.sequence.addAnswer(range)
            }
        }
        try beginDrawings(in: &whole, images, renderer)
        if continues {
            guard let end = whole.places.last(where: { $0.mark == .contentEnd })?.index else {
                throw TemplateError.changesContent(place: template.place)
            }
            whole.sequence = whole.sequence.prefix(end)
        }
        addPieces(to: &whole, renderer)
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
        _ images: [FramedImage],
        _ renderer: ConversationRenderer
    ) throws(TemplateError) -> Encoded {
        guard text.marks.count(where: { $0.mark == .image }) == images.count else {
            throw .dropsImages(place: template.place)
        }
        var encoded = Encoded()
        var imageCount = 0
        for (stretch, image) in text.stretches {
            let added = tokenizer.encode(
                rendered: stretch.bytes,
                tokenizer.addedTokenFinders,
                removing: renderer.marks.protection,
                counting: stretch.marks.map { ($0.offset, $0.mark.isEnd) },
                isBeginning: imageCount == 0
            )
            let start = encoded.sequence.tokens.count
            encoded.places += zip(stretch.marks, added.counts).map { ($0.mark, start + $1) }
            encoded.sequence.append(added.tokens)
            guard image else { continue }
            encoded.places.append((.image, encoded.sequence.tokens.count))
            encoded.sequence.appendImage(
                images[imageCount],
                role: renderer.roleOfImage[imageCount]
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
            case .answerStart, .answerEnd: break
            }
        }
    }

    /// The number of tokens that a conversation shares with its first turns, and whether these are all
    /// of theirs.
    private func shared(
        _ whole: Encoded,
        _ images: [FramedImage],
        _ renderer: ConversationRenderer,
        _ turns: Int,
        headsAnswer: Bool
    ) throws -> (count: Int, isWhole: Bool) {
        let text = try renderer.render(turns, headsAnswer: headsAnswer)
        let shown = Array(images.prefix(renderer.imageCount(ofFirst: turns)))
        let other = try encode(text, shown, renderer).sequence.tokens
        let count = zip(whole.sequence.tokens, other).prefix { $0 == $1 }.count
        return (count, count == other.count)
    }

    /// Inserts `<draw>` or `<tell>` where each answer with images begins, if the vocabulary has them:
    /// where a prompt ends, or at the content of a turn before which the template writes something
    /// else than there.
    private func beginDrawings(
        in whole: inout Encoded,
        _ images: [FramedImage],
        _ renderer: ConversationRenderer
    ) throws {
        let contents = whole.places.filter { $0.mark == .contentStart }.map(\.index)
        var begun: [(token: TokenID, place: Int)] = []
        for (index, turn) in renderer.turns.enumerated()
        where index > 0 && turn.role == .assistant && turn.segments.contains(where: \.isImage) {
            let drawsFirst = turn.segments.first?.isImage == true
            guard let token = tokenizer.space.specialTokens[drawsFirst ? .drawing : .telling] else {
                continue
            }
            let head = try shared(whole, images, renderer, index, headsAnswer: true)
            let place = head.isWhole || contents.isEmpty ? head.count : contents[index]
            begun.append((token, place))
        }
        for (token, place) in begun.reversed() {
            whole.sequence.insert(token, beginningAnswerAt: place)
            for mark in whole.places.indices where whole.places[mark].index >= place {
                whole.places[mark].index += 1
            }
        }
    }

    private func answers(
        in whole: Encoded,
        _ images: [FramedImage],
        _ renderer: ConversationRenderer
    ) throws -> [Range<Int>] {
        func tokens(_ turns: Int, headsAnswer: Bool) throws -> Int {
            try shared(whole, images, renderer, turns, headsAnswer: headsAnswer).count
        }
        func places(_ mark: ConversationMark) -> [Int] {
            whole.places.filter { $0.mark == mark }.map(\.index)
        }
        let marked = zip(places(.answerStart), places(.answerEnd)).filter { $0 < $1 }
        guard marked.isEmpty else { return marked.map { $0..<$1 } }
        let turns = renderer.turns
        let contentEnds = places(.contentEnd)
        let contentStarts = places(.contentStart)
        var ranges: [Range<Int>] = []
        for (index, turn) in turns.enumerated() where turn.role == .assistant {
            let start = index == 0 ? 0 : try tokens(index, headsAnswer: true)
            let range: Range<Int>
            if contentEnds.isEmpty {
                let end =
                    index + 1 == turns.count
                    ? whole.sequence.tokens.count : try tokens(index + 1, headsAnswer: false)
                guard start < end else { throw TemplateError.changesContent(place: template.place) }
                let last = (start..<end).last { isTurnEnd($0, in: whole.sequence) }
                range = start..<(last.map { $0 + 1 } ?? end)
            } else {
                let next =
                    index + 1 == turns.count
                    ? whole.sequence.tokens.count : contentStarts[index + 1]
                let first = (contentEnds[index]..<max(next, contentEnds[index])).first {
                    isTurnEnd($0, in: whole.sequence)
                }
                range = start..<(first.map { $0 + 1 } ?? contentEnds[index])
            }
            ranges.append(range)
        }
        return ranges
    }

    private func isTurnEnd(_ place: Int, in sequence: TokenSequence) -> Bool {
        isTurnEnd(sequence.tokens[place])
            && !sequence.pieces.contains { $0.kind == .image && $0.frame.contains(place) }
    }
}
