/// A set of Unicode general categories, such as `\p{L}`.
///
/// In Unicode 16, the version of the reference (`tokenizers` 0.23): characters of later versions
/// are unassigned there, and a newer standard library must not split a text differently.
struct ScalarCategories: OptionSet, Sendable, Hashable {
    let rawValue: UInt32

    init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The categories by their two letters, in the order of their bits.
    private static let names = [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe",
        "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
    ]

    /// The categories that a name such as `L` or `Lu` stands for; `nil` for another name.
    init?(_ name: String) {
        var bits: UInt32 = 0
        for (bit, known) in Self.names.enumerated() where known == name || known.prefix(1) == name {
            bits |= 1 << UInt32(bit)
        }
        guard bits != 0 else { return nil }
        rawValue = bits
    }

    init(_ names: [String]) {
        rawValue = names.compactMap { Self($0)?.rawValue }.reduce(0, |)
    }

    /// The decimal digits, `\d`.
    static let digit = ScalarCategories(["Nd"])
    private static let unassigned = ScalarCategories(["Cn"])
    private static let lowercase = ScalarCategories(["Ll"])

    /// The category of a scalar.
    static func of(_ value: UInt32) -> ScalarCategories {
        value < 0x10000 ? basicPlane[Int(value)] : classify(value)
    }

    private static let basicPlane: [ScalarCategories] = (UInt32(0)..<0x10000).map(classify)

    private static func classify(_ value: UInt32) -> ScalarCategories {
        // A lowercase letter before Unicode 17.
        if value == 0x295 { return lowercase }
        guard let properties = Unicode.Scalar(value)?.properties,
            ScalarClass.isAssigned(properties)
        else { return unassigned }
        return ScalarCategories(rawValue: 1 << bit(of: properties.generalCategory))
    }

    private static func bit(of category: Unicode.GeneralCategory) -> UInt32 {
        switch category {
        case .uppercaseLetter: 0
        case .lowercaseLetter: 1
        case .titlecaseLetter: 2
        case .modifierLetter: 3
        case .otherLetter: 4
        case .nonspacingMark: 5
        case .spacingMark: 6
        case .enclosingMark: 7
        case .decimalNumber: 8
        case .letterNumber: 9
        case .otherNumber: 10
        case .connectorPunctuation: 11
        case .dashPunctuation: 12
        case .openPunctuation: 13
        case .closePunctuation: 14
        case .initialPunctuation: 15
        case .finalPunctuation: 16
        case .otherPunctuation: 17
        case .mathSymbol: 18
        case .currencySymbol: 19
        case .modifierSymbol: 20
        case .otherSymbol: 21
        case .spaceSeparator: 22
        case .lineSeparator: 23
        case .paragraphSeparator: 24
        case .control: 25
        case .format: 26
        case .surrogate: 27
        case .privateUse: 28
        case .unassigned: 29
        @unknown default: 29
        }
    }
}
