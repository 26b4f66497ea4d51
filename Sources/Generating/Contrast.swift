/// What the codes of an image are compared with, so that it follows its prompt more closely.
package enum Contrast: Sendable, Hashable {
    /// Classifier-free guidance: u + α (c − u), where u knows no text (CM3Leon, section 2.3); 1 is
    /// none.
    case guidance(Double)
    /// Two guidances, for editing an image that the prompt shows: n + β (u − n) + α (c − u), where u
    /// knows no text and n nothing of the prompt (Brooks et al., 2023, equation 3).
    case editing(text: Double, image: Double)
    /// Contrastive decoding top-k, CD-K: c − u among the codes that have at least `alpha` times the
    /// probability of the `k`th most probable one, where u knows no text (CM3Leon, section 2.4).
    case contrastive(k: Int, alpha: Double)

    /// What is taken where nothing is said.
    package static let usual = Contrast.guidance(usualGuidance)
    /// The scale of the usual guidance.
    package static let usualGuidance = 2.0

    /// The settings in a few characters.
    package var summary: String {
        switch self {
        case .guidance(1): "no guidance"
        case .guidance(let scale): "guidance \(scale)"
        case .editing(let text, let image): "guidance \(text), image guidance \(image)"
        case .contrastive(let k, let alpha): "contrastive \(k),\(alpha)"
        }
    }

    /// What a guide reads in place of the prompt and the answer so far.
    enum Guide: Sendable {
        /// All of it with its texts masked; around a hole in an image, without its caption.
        case withoutText
        /// The answer alone, with its texts masked.
        case withoutPrompt
    }

    /// The guides that the comparison needs, in the order of the formulas.
    var guides: [Guide] {
        switch self {
        case .guidance(1): []
        case .guidance, .contrastive: [.withoutText]
        case .editing: [.withoutText, .withoutPrompt]
        }
    }

    /// Refuses settings out of range.
    func check() throws(OptionError) {
        switch self {
        case .guidance(let scale): try Self.check("--guidance", scale)
        case .editing(let text, let image):
            try Self.check("--guidance", text)
            try Self.check("--image-guidance", image)
        case .contrastive(let k, let alpha):
            guard (1...1_000_000).contains(k), alpha > 0, alpha <= 1 else {
                throw Self.refusal(of: "\(k),\(alpha)")
            }
        }
    }

    /// Reads `K,ALPHA`.
    package init(parsingContrastive text: String) throws(OptionError) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, let k = Int(parts[0]), let alpha = Double(parts[1]) else {
            throw Self.refusal(of: text)
        }
        self = .contrastive(k: k, alpha: alpha)
        try check()
    }

    private static func check(_ flag: String, _ scale: Double) throws(OptionError) {
        guard (0...100).contains(scale) else {
            throw OptionError(
                flag: flag,
                value: "\(scale)",
                allowed: "a number from 0 to 100; 1 is no guidance"
            )
        }
    }

    private static func refusal(of value: String) -> OptionError {
        OptionError(
            flag: "--contrastive",
            value: value,
            allowed: "K,ALPHA with an integer K from 1 and a number ALPHA above 0 and up to 1"
        )
    }
}
