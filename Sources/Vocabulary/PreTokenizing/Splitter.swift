/// A step that splits pre-tokens at what it finds.
struct Splitter: Sendable, Hashable {
    /// What is found.
    enum Target: Sendable, Hashable {
        case pattern(SplitPattern)
        case digit
        case punctuation
        case whitespace
    }

    /// What becomes of the matches (`tokenizers`' `SplitDelimiterBehavior`).
    enum Behavior: String, Sendable, Hashable, CaseIterable {
        case removed = "Removed"
        case isolated = "Isolated"
        case mergedWithPrevious = "MergedWithPrevious"
        case mergedWithNext = "MergedWithNext"
        case contiguous = "Contiguous"
    }

    let target: Target
    var behavior = Behavior.isolated
    /// Whether the text between two matches is what counts as found.
    var isInverted = false

    init(_ target: Target, _ behavior: Behavior = .isolated, isInverted: Bool = false) {
        self.target = target
        self.behavior = behavior
        self.isInverted = isInverted
    }

    /// Calls `body` with the pieces of the pre-token that begins at byte `start` of `text`, in
    /// order.
    func forEachPiece(of text: UTF8Text, from start: Int, _ body: (Range<Int>) -> Void) {
        var pending: (range: Range<Int>, isFound: Bool)?
        func flush() {
            if let pending { body(pending.range) }
        }
        forEachSection(of: text, from: start) { range, isMatch in
            let isFound = isMatch != isInverted
            let extends: Bool
            switch behavior {
            case .isolated: return body(range)
            case .removed: return isFound ? () : body(range)
            case .mergedWithPrevious: extends = isFound && pending?.isFound == false
            case .mergedWithNext: extends = !isFound && pending?.isFound == true
            case .contiguous: extends = isFound == pending?.isFound
            }
            if extends, let before = pending {
                pending = (before.range.lowerBound..<range.upperBound, isFound)
            } else {
                flush()
                pending = (range, isFound)
            }
        }
        flush()
    }

    /// Calls `body` with the matches and the text between them.
    private func forEachSection(
        of text: UTF8Text,
        from start: Int,
        _ body: (Range<Int>, _ isMatch: Bool) -> Void
    ) {
        var matcher: SplitPattern.Matcher?
        if case .pattern(let pattern) = target { matcher = pattern.matcher(of: text) }
        var (done, place) = (start, start)
        while let next = text.value(at: place) {
            let end: Int?
            switch target {
            case .pattern: end = matcher?.endOfMatch(at: place)
            case .digit: end = ScalarClass.isDigit(next.value) ? next.end : nil
            case .punctuation: end = ScalarClass.isPunctuation(next.value) ? next.end : nil
            case .whitespace: end = ScalarClass.isWhitespace(next.value) ? next.end : nil
            }
            guard let end, end > place else {
                place = next.end
                continue
            }
            if done < place { body(done..<place, false) }
            body(place..<end, true)
            (done, place) = (end, end)
        }
        if done < text.end { body(done..<text.end, false) }
    }
}

extension ScalarClass {
    /// Whether `Digits` finds the scalar: a number in Unicode 17, one version after the patterns'.
    static func isDigit(_ value: UInt32) -> Bool {
        if value < 0x80 { return (0x30...0x39).contains(value) }
        if (0x11DE0...0x11DE9).contains(value) || (0x16FF4...0x16FF6).contains(value) {
            return true
        }
        return Unicode.Scalar(value).map { ScalarClass.of($0) == .number } ?? false
    }

    /// Whether `WhitespaceSplit` finds the scalar.
    static func isWhitespace(_ value: UInt32) -> Bool {
        Unicode.Scalar(value).map { ScalarClass.of($0).isWhitespace } ?? false
    }

    /// Whether `Punctuation` finds the scalar: a mark in Unicode 8, or any ASCII symbol.
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
