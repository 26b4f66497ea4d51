extension PreTokenizer {
    /// One step; the pre-tokens together are the text, except for white space that CLIP drops.
    enum Step: Sendable, Hashable {
        /// Splits at the matches of a known regular expression.
        case pattern(SplitPattern)
        /// Splits off numbers, digit by digit or as runs.
        case digits(individual: Bool)
        /// Splits off every punctuation mark.
        case punctuation
        /// Splits before every `▁`.
        case metaspace

        /// The end of the pre-token that begins at byte `start`, which is before the end of the text.
        func endOfPreToken(in text: UTF8Text, from start: Int) -> Int {
            switch self {
            case .pattern(let pattern): pattern.endOfPreToken(in: text, from: start)
            case .digits(true): text.endOfPreToken(from: start, single: ScalarClass.isDigit)
            case .punctuation: text.endOfPreToken(from: start, single: ScalarClass.isPunctuation)
            case .digits(false):
                text.end(from: start) { ScalarClass.isDigit($0) == ScalarClass.isDigit($1) }
            case .metaspace: text.end(from: start) { $1 != Metaspace.scalar.value }
            }
        }

        /// Whether the pre-token that begins at byte `start` is kept.
        func keepsPreToken(in text: UTF8Text, at start: Int) -> Bool {
            guard case .pattern(let pattern) = self, pattern.dropsSpaces else { return true }
            return text.scalar(at: start)?.class.isWhitespace != true
        }
    }
}

extension UTF8Text {
    /// The end of the run from `start` on whose scalars each `continues` the first one.
    fileprivate func end(from start: Int, continues: (_ first: UInt32, UInt32) -> Bool) -> Int {
        guard let first = value(at: start) else { return start }
        var end = first.end
        while let next = value(at: end), continues(first.value, next.value) { end = next.end }
        return end
    }

    /// The end of the one scalar at `start` if it is of a kind, otherwise the place of the next one
    /// that is.
    fileprivate func endOfPreToken(from start: Int, single isOfKind: (UInt32) -> Bool) -> Int {
        end(from: start) { !isOfKind($0) && !isOfKind($1) }
    }
}

extension ScalarClass {
    /// Whether `Digits` splits the scalar off: a number in Unicode 17, one version after the
    /// patterns'.
    static func isDigit(_ value: UInt32) -> Bool {
        if value < 0x80 { return (0x30...0x39).contains(value) }
        if (0x11DE0...0x11DE9).contains(value) || (0x16FF4...0x16FF6).contains(value) {
            return true
        }
        return Unicode.Scalar(value).map { ScalarClass.of($0) == .number } ?? false
    }

    /// Whether `Punctuation` splits the scalar off: a mark in Unicode 8, or any ASCII symbol.
    static func isPunctuation(_ value: UInt32) -> Bool {
        value < 0x10000 ? punctuation[Int(value)] : isMark(value)
    }

    private static let punctuation: [Bool] = (UInt32(0)..<0x10000).map(isMark)

    private static func isMark(_ value: UInt32) -> Bool {
        // Two that are not punctuation in later versions.
        if value == 0x166D || value == 0x111C9 { return true }
        guard let properties = Unicode.Scalar(value)?.properties else { return false }
        switch properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation:
            return isAssigned(properties, in: 8)
        case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            return value < 0x80
        default:
            return false
        }
    }
}
