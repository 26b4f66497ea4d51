/// A set of scalars, as one character class of a pattern states it.
struct ScalarSet: Sendable, Hashable {
    var categories: ScalarCategories = []
    /// Whether white space (`\s`) is in it.
    var hasSpaces = false
    var ranges: [ClosedRange<UInt32>] = []
    /// Classes inside the brackets, whose scalars are in the set, too.
    var nested: [ScalarSet] = []
    /// Whether the set is all scalars but these.
    var isInverted = false

    static let spaces = ScalarSet(hasSpaces: true)
    /// `.`: everything but a newline.
    static let any = ScalarSet(ranges: [10...10], isInverted: true)

    /// `\w` in brackets: besides categories, the letters in circles and squares.
    static let word = ScalarSet(
        categories: ScalarCategories(["L", "M", "Nd", "Nl", "Pc"]),
        ranges: [0x24B6...0x24E9, 0x1F130...0x1F149, 0x1F150...0x1F169, 0x1F170...0x1F189]
    )
    /// `\w` alone, which to Oniguruma has the other numbers of Latin-1, too.
    static let wordAlone = ScalarSet(
        ranges: [0xB2...0xB3, 0xB9...0xB9, 0xBC...0xBE],
        nested: [word]
    )

    /// One scalar.
    static func scalar(_ value: UInt32) -> ScalarSet { ScalarSet(ranges: [value...value]) }

    var inverted: ScalarSet {
        var result = self
        result.isInverted.toggle()
        return result
    }

    func contains(_ value: UInt32) -> Bool {
        let isListed =
            !categories.isDisjoint(with: ScalarCategories.of(value))
            || ranges.contains { $0.contains(value) }
            || hasSpaces && Unicode.Scalar(value)?.properties.isWhitespace == true
            || nested.contains { $0.contains(value) }
        return isListed != isInverted
    }

    /// The set without regard to case: with the other case of each ASCII letter, and the two
    /// characters beyond ASCII that fold to one.
    var ignoringCase: ScalarSet {
        var result = self
        for value in UInt32(0x41)...0x5A {
            let pair = [value, value + 0x20]
            guard ranges.contains(where: { $0.contains(pair[0]) || $0.contains(pair[1]) }) else {
                continue
            }
            result.ranges += pair.map { $0...$0 }
            if value == 0x53 { result.ranges.append(0x17F...0x17F) }  // ſ
            if value == 0x4B { result.ranges.append(0x212A...0x212A) }  // the Kelvin sign
        }
        result.nested = nested.map(\.ignoringCase)
        return result
    }
}

/// A set with its ASCII scalars as bits, for matching.
struct ScalarTest: Sendable, Hashable {
    private let set: ScalarSet
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(_ set: ScalarSet) {
        self.set = set
        for value in UInt32(0)..<64 where set.contains(value) { low |= 1 << UInt64(value) }
        for value in UInt32(64)..<128 where set.contains(value) { high |= 1 << UInt64(value - 64) }
    }

    func contains(_ value: UInt32) -> Bool {
        if value < 64 { return low >> UInt64(value) & 1 == 1 }
        if value < 128 { return high >> UInt64(value - 64) & 1 == 1 }
        return set.contains(value)
    }
}
