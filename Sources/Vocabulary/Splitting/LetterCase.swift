/// What Mistral's pattern tells apart within words.
enum LetterCase: UInt8 {
    /// `[\p{Lu}\p{Lt}]`: begins a word.
    case upper
    /// `\p{Ll}`: goes on with a word.
    case lower
    /// `[\p{Lm}\p{Lo}\p{M}]`: both.
    case either
    /// Everything else.
    case none

    /// Whether it is in `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`.
    var canBegin: Bool { self == .upper || self == .either }
    /// Whether it is in `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`.
    var canGoOn: Bool { self == .lower || self == .either }

    /// The case of the scalar with a code, in Unicode 16 as ``ScalarClass``.
    static func of(_ value: UInt32) -> LetterCase {
        value < 0x10000 ? basicPlane[Int(value)] : classify(value)
    }

    private static let basicPlane: [LetterCase] = (UInt32(0)..<0x10000).map(classify)

    private static func classify(_ value: UInt32) -> LetterCase {
        // A small letter until Unicode 17 made it one without case.
        if value == 0x295 { return .lower }
        guard let properties = Unicode.Scalar(value)?.properties, ScalarClass.isKnown(properties)
        else { return .none }
        return switch properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter: .upper
        case .lowercaseLetter: .lower
        case .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark, .enclosingMark: .either
        default: .none
        }
    }
}
