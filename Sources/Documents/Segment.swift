/// One text or image of a document.
public struct Segment: Sendable, Hashable {
    /// A text or an image.
    public enum Content: Sendable, Hashable {
        /// Plain text; it never means a special token, whatever it contains, unless
        /// ``Segment/parsesSpecialTokens`` says so.
        case text(String)
        /// An image.
        case image(Image)
    }

    /// The text or the image.
    public var content: Content
    /// What an image shows, in words, for those who do not see it; `nil` if nobody says so.
    ///
    /// A model with a token for it writes it before the image, and then draws what it says.
    public var altText: String?
    /// Who says it; `nil` outside of a conversation.
    public var role: Role?
    /// Whether the strings of special tokens in the text mean these tokens: for training data that
    /// was written with them, never for what users say.
    public var parsesSpecialTokens = false
    /// Whether instruction tuning learns to say it, if the assistant does: false for a message of
    /// weight 0.
    public var isLearned = true

    /// Creates a segment.
    public init(_ content: Content, altText: String? = nil, role: Role? = nil) {
        self.content = content
        self.altText = altText
        self.role = role
    }

    /// Whether it is an image.
    package var isImage: Bool { if case .image = content { true } else { false } }

    /// A segment of text.
    public static func text(_ text: String, role: Role? = nil) -> Segment {
        Segment(.text(text), role: role)
    }

    /// A segment with an image.
    public static func image(_ image: Image, altText: String? = nil, role: Role? = nil) -> Segment {
        Segment(.image(image), altText: altText, role: role)
    }
}

extension Segment: ExpressibleByStringInterpolation {
    /// Creates a text without a role.
    public init(stringLiteral text: String) {
        self.init(.text(text))
    }
}

extension Segment: Codable {
    private enum CodingKeys: String, CodingKey {
        case type, text, png, role, weight
        case altText = "alt_text"
        case parsesSpecialTokens = "parse_special_tokens"
    }

    private enum Kind: String, Codable {
        case text, image
    }

    /// Encodes `{"type": "text", "text": …}` or `{"type": "image", "png": …}`, and the role, the
    /// alternative text and a weight of 0 if there are any.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch content {
        case .text(let text):
            try container.encode(Kind.text, forKey: .type)
            try container.encode(text, forKey: .text)
        case .image(let image):
            try container.encode(Kind.image, forKey: .type)
            try container.encode(image, forKey: .png)
            try container.encodeIfPresent(altText, forKey: .altText)
        }
        try container.encodeIfPresent(role, forKey: .role)
        if !isLearned { try container.encode(0, forKey: .weight) }
        if parsesSpecialTokens { try container.encode(true, forKey: .parsesSpecialTokens) }
    }

    /// Decodes what ``encode(to:)`` writes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(Kind.self, forKey: .type) {
        case .text: content = .text(try container.decode(String.self, forKey: .text))
        case .image:
            content = .image(try container.decode(Image.self, forKey: .png))
            altText = try container.decodeIfPresent(String.self, forKey: .altText)
        }
        role = try container.decodeIfPresent(Role.self, forKey: .role)
        let weight = try container.decodeIfPresent(Double.self, forKey: .weight) ?? 1
        guard weight == 0 || weight == 1 else {
            throw DecodingError.dataCorruptedError(
                forKey: .weight,
                in: container,
                debugDescription: "a weight of 0 or 1 is expected"
            )
        }
        isLearned = weight == 1
        parsesSpecialTokens =
            try container.decodeIfPresent(Bool.self, forKey: .parsesSpecialTokens) ?? false
    }
}

/// Who says a segment of a conversation; the raw value is the `role` of a chat message.
public enum Role: String, Sendable, CaseIterable, Codable {
    /// Instructions for the whole conversation.
    case system
    /// The user.
    case user
    /// The model.
    case assistant
}
