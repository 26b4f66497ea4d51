/// The letter classes of Mistral's pattern.
enum LetterCase: UInt8 {
    /// `[\p{Lu}\p{Lt}]`: starts a word.
    case upper
    /// `\p{Ll}`: continues a word.
    case lower
    /// `[\p{Lm}\p{Lo}\p{M}]`: both.
    case either
    /// Not a letter or mark.
    case none

    /// Whether it is in `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`.
    var starts: Bool { self == .upper || self == .either }
    /// Whether it is in `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`.
    var continues: Bool { self == .lower || self == .either }

    /// The case of a scalar, in Unicode 16 as ``ScalarClass``.
    static func of(_ value: UInt32) -> LetterCase {
        value < 0x10000 ? basicPlane[Int(value)] : classify(value)
    }

    private static let basicPlane: [LetterCase] = (UInt32(0)..<0x10000).map(classify)

    private static func classify(_ value: UInt32) -> LetterCase {
        // A lowercase letter before Unicode 17.
        if value == 0x295 { return .lower }
        guard let properties = Unicode.Scalar(value)?.properties, ScalarClass.isAssigned(properties)
        else { return .none }
        return switch properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter: .upper
        case .lowercaseLetter: .lower
        case .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark, .enclosingMark: .either
        default: .none
        }
    }
}
