/// One step of a `pre_tokenizer`: cuts a text into pieces, which together are the text, but for those
/// that are dropped.
enum Cut: Sendable, Hashable {
    /// At the matches of a known expression and between them.
    case pattern(SplitPattern)
    /// Numbers apart from all else, digit by digit or in runs.
    case digits(individual: Bool)
    /// Every punctuation mark by itself.
    case punctuation
    /// Before every `▁`.
    case words

    /// The end of the piece that begins at byte `start`, which is before the end of the text.
    func endOfPiece(in text: UTF8Text, from start: Int) -> Int {
        switch self {
        case .pattern(let pattern): pattern.endOfPiece(in: text, from: start)
        case .digits(true): text.endOfPiece(from: start, single: ScalarClass.isDigit)
        case .punctuation: text.endOfPiece(from: start, single: ScalarClass.isPunctuation)
        case .digits(false): endOfDigits(in: text, from: start)
        case .words: endOfWord(in: text, from: start)
        }
    }

    /// Whether the piece that begins at byte `start` is not dropped.
    func keepsPiece(in text: UTF8Text, at start: Int) -> Bool {
        if case .pattern(let pattern) = self {
            pattern.keepsPiece(in: text, at: start)
        } else {
            true
        }
    }

    private func endOfDigits(in text: UTF8Text, from start: Int) -> Int {
        guard let first = text.value(at: start) else { return start }
        let isNumber = ScalarClass.isDigit(first.value)
        var end = first.end
        while let next = text.value(at: end), ScalarClass.isDigit(next.value) == isNumber {
            end = next.end
        }
        return end
    }

    private func endOfWord(in text: UTF8Text, from start: Int) -> Int {
        guard var end = text.value(at: start)?.end else { return start }
        while let next = text.value(at: end), next.value != Metaspace.scalar.value {
            end = next.end
        }
        return end
    }
}

extension UTF8Text {
    /// The end of the one scalar at `start` if it is of a kind, otherwise the place of the next such.
    fileprivate func endOfPiece(from start: Int, single isOfKind: (UInt32) -> Bool) -> Int {
        guard let first = value(at: start) else { return start }
        var end = first.end
        if isOfKind(first.value) { return end }
        while let next = value(at: end), !isOfKind(next.value) { end = next.end }
        return end
    }
}

extension ScalarClass {
    /// Whether `Digits` takes the scalar for a number: in Unicode 17, one after the patterns' version.
    static func isDigit(_ value: UInt32) -> Bool {
        if value < 0x80 { return (0x30...0x39).contains(value) }
        if (0x11DE0...0x11DE9).contains(value) || (0x16FF4...0x16FF6).contains(value) {
            return true
        }
        return Unicode.Scalar(value).map { ScalarClass.of($0) == .number } ?? false
    }

    /// Whether `Punctuation` takes the scalar for a mark: in Unicode 8, and every sign of ASCII.
    static func isPunctuation(_ value: UInt32) -> Bool {
        value < 0x10000 ? punctuation[Int(value)] : isMark(value)
    }

    private static let punctuation: [Bool] = (UInt32(0)..<0x10000).map(isMark)

    private static func isMark(_ value: UInt32) -> Bool {
        // Two that later versions do not count as punctuation any more.
        if value == 0x166D || value == 0x111C9 { return true }
        guard let properties = Unicode.Scalar(value)?.properties else { return false }
        switch properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation:
            return isKnown(properties, in: 8)
        case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            return value < 0x80
        default:
            return false
        }
    }
}
