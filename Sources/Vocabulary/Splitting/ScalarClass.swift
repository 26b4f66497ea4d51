/// What the patterns of byte-level tokenizers tell apart.
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

    /// Whether it is `\s`.
    var isWhitespace: Bool { self == .newline || self == .space }

    /// The class of `scalar` in Unicode 16.
    ///
    /// The version is that of the reference implementation (`tokenizers` 0.23); characters that came
    /// later are unassigned there, and a newer standard library must not cut a text differently.
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
            return isKnown(properties) ? .letter : .other
        case .decimalNumber, .letterNumber, .otherNumber:
            return isKnown(properties) ? .number : .other
        default:
            return properties.isWhitespace ? .space : .other
        }
    }

    /// Whether a scalar with these properties is assigned in Unicode `version`.
    static func isKnown(_ properties: Unicode.Scalar.Properties, in version: Int = 16) -> Bool {
        properties.age.map { $0.major <= version } ?? false
    }
}
