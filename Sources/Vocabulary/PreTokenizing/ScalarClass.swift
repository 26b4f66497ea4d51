/// The character classes of the split patterns.
enum ScalarClass: UInt8 {
    /// `\p{L}`
    case letter
    /// `\p{N}`
    case number
    /// `[\r\n]`
    case newline
    /// `\s` without newlines.
    case space
    /// Everything else: punctuation, symbols, marks, controls.
    case other

    var isWhitespace: Bool { self == .newline || self == .space }

    /// The class of `scalar` in Unicode 16, the version of the reference (`tokenizers` 0.23).
    ///
    /// Characters of later versions are unassigned there; a newer standard library must not split a
    /// text differently.
    static func of(_ scalar: Unicode.Scalar) -> ScalarClass {
        scalar.value < 0x10000 ? basicPlane[Int(scalar.value)] : classify(scalar)
    }

    private static let basicPlane: [ScalarClass] = (UInt32(0)..<0x10000).map { value in
        Unicode.Scalar(value).map(classify) ?? .other
    }

    private static func classify(_ scalar: Unicode.Scalar) -> ScalarClass {
        if scalar == "\r" || scalar == "\n" { return .newline }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            return isAssigned(properties) ? .letter : .other
        case .decimalNumber, .letterNumber, .otherNumber:
            return isAssigned(properties) ? .number : .other
        default:
            return properties.isWhitespace ? .space : .other
        }
    }

    /// Whether a scalar with these properties is assigned in a Unicode version.
    static func isAssigned(_ properties: Unicode.Scalar.Properties, in version: Int = 16) -> Bool {
        properties.age.map { $0.major <= version } ?? false
    }
}
