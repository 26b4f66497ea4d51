/// A place in a rendered conversation.
enum ConversationMark: Sendable, Equatable {
    /// The start of the content of a turn.
    case contentStart
    case contentEnd
    /// An image, which is not text.
    case image
    /// After an image.
    case imageEnd
    /// The start of what the template itself marks as the assistant's.
    case answerStart
    case answerEnd

    /// Whether a token across it comes before it.
    var isEnd: Bool { self == .contentEnd || self == .answerEnd }
}

/// Characters for private use that mark places in a conversation and occur nowhere in it.
struct ConversationMarks: Sendable {
    let contentStart: Unicode.Scalar
    let contentEnd: Unicode.Scalar
    let image: Unicode.Scalar
    /// Stands inside of what would otherwise be a special token.
    let protection: Unicode.Scalar

    /// Chooses characters that none of the texts contain.
    init(avoiding texts: [String]) {
        var used: Set<UInt32> = []
        for text in texts {
            // All of them begin with the same byte in UTF-8.
            guard text.utf8.contains(0xF4) else { continue }
            used.formUnion(text.unicodeScalars.map(\.value).filter { $0 >= Self.first })
        }
        var free = (Self.first...Self.last).lazy.filter { !used.contains($0) }
            .compactMap(Unicode.Scalar.init).makeIterator()
        func next() -> Unicode.Scalar {
            guard let scalar = free.next() else {
                preconditionFailure("a conversation uses 65,534 private characters")
            }
            return scalar
        }
        (contentStart, contentEnd, image, protection) = (next(), next(), next(), next())
    }

    /// Plane 16.
    private static let first: UInt32 = 0x10_0000
    private static let last: UInt32 = 0x10_FFFD
}

/// A text without marks, and where they were.
struct MarkedText: Sendable {
    /// UTF-8; the protection is still in it.
    private(set) var bytes: [UInt8] = []
    /// In order.
    private(set) var marks: [(offset: Int, mark: ConversationMark)] = []

    private init() {}

    /// Takes the marks out of a text, and marks what its template says is the assistant's.
    init(_ rendered: RenderedConversation, _ marks: ConversationMarks) {
        var bounds = (rendered.answers ?? []).flatMap {
            [($0.lowerBound, ConversationMark.answerStart), ($0.upperBound, .answerEnd)]
        }[...]
        var place = 0
        func markBounds() {
            while let (offset, mark) = bounds.first, offset <= place {
                self.marks.append((bytes.count, mark))
                bounds.removeFirst()
            }
        }
        for scalar in rendered.text.unicodeScalars {
            markBounds()
            place += UTF8.width(scalar)
            switch scalar {
            case marks.contentStart: self.marks.append((bytes.count, .contentStart))
            case marks.contentEnd: self.marks.append((bytes.count, .contentEnd))
            case marks.image: self.marks.append((bytes.count, .image))
            default:
                bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        markBounds()
    }

    /// The text between images; `isBeforeImage` says whether an image follows.
    var stretches: [(text: MarkedText, isBeforeImage: Bool)] {
        var stretches: [(text: MarkedText, isBeforeImage: Bool)] = []
        var (stretch, start) = (MarkedText(), 0)
        for (offset, mark) in marks {
            guard mark == .image else {
                stretch.marks.append((offset - start, mark))
                continue
            }
            stretch.bytes = Array(bytes[start..<offset])
            stretches.append((stretch, true))
            (stretch, start) = (MarkedText(), offset)
        }
        stretch.bytes = Array(bytes[start...])
        return stretches + [(stretch, false)]
    }
}
