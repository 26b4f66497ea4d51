internal import Basics

/// Text and images in reading order: a prompt, an answer, a training example or a conversation.
///
/// ```swift
/// let photo = try Image(contentsOf: URL(filePath: "house.png"))
/// let prompt: Document = ["A house on a hill:", .image(photo), "And a boat:"]
/// ```
///
/// In a conversation every segment has a role:
///
/// ```swift
/// let conversation = Document([
///     .image(photo, role: .user),
///     .text("What is this?", role: .user),
/// ])
/// ```
///
/// As `Codable`, a document is `{"segments": […]}` with images as base64 PNG.
public struct Document: Sendable, Hashable, Codable {
    /// The texts and images in reading order.
    public var segments: [Segment]

    /// Creates a document.
    public init(_ segments: [Segment] = []) {
        self.segments = segments
    }

    /// All texts, joined by newlines.
    public var text: String { texts.joined(separator: "\n") }

    /// The texts in reading order.
    public var texts: [String] {
        segments.compactMap { if case .text(let text) = $0.content { text } else { nil } }
    }

    /// The images in reading order.
    public var images: [Image] {
        segments.compactMap { if case .image(let image) = $0.content { image } else { nil } }
    }

    /// The alternative texts of images, as far as they have one.
    package var altTexts: [String] {
        segments.compactMap { if case .image = $0.content { $0.altText } else { nil } }
    }

    /// Appends a text.
    public mutating func append(_ text: String, role: Role? = nil) {
        segments.append(.text(text, role: role))
    }

    /// Appends an image.
    public mutating func append(_ image: Image, role: Role? = nil) {
        segments.append(.image(image, role: role))
    }

    /// Appends the segments of another document.
    public mutating func append(_ other: Document) {
        segments += other.segments
    }

    /// Where the turns of the user begin, as indices of segments.
    package var questionStarts: [Int] {
        segments.indices.filter {
            segments[$0].role == .user && ($0 == 0 || segments[$0 - 1].role != .user)
        }
    }

    /// Whether there is an image, or a text that is not blank.
    package var hasContent: Bool {
        !images.isEmpty || texts.contains { !$0.isBlank }
    }
}

extension Document: ExpressibleByStringInterpolation, ExpressibleByArrayLiteral {
    /// Creates a document of one text without a role.
    public init(stringLiteral text: String) {
        self.init([.text(text)])
    }

    /// Creates a document of segments.
    public init(arrayLiteral segments: Segment...) {
        self.init(segments)
    }
}
