internal import Basics

/// An ordered list of text and image segments.
///
/// The one currency of the program: what a user writes, a data set holds, a retriever returns and
/// a model answers. A conversation is a document whose segments name their role.
public struct Document: Sendable, Equatable {
    /// The segments in reading order.
    package var segments: [Segment]

    /// Makes a document of segments in order.
    package init(_ segments: [Segment] = []) {
        self.segments = segments
    }
}

/// One run of text or one image of a document.
public struct Segment: Sendable, Equatable {
    /// What a segment holds.
    package enum Content: Sendable, Equatable {
        /// Plain text; whatever it spells, it never means a special token.
        case text(String)
        /// A bitmap.
        case image(Image)
    }

    /// The text or the image.
    package var content: Content
    /// Who says it; `nil` in a document that is not a conversation.
    package var role: Role?

    /// Makes a segment.
    package init(_ content: Content, role: Role? = nil) {
        self.content = content
        self.role = role
    }

    /// A segment of text.
    package static func text(_ text: String, role: Role? = nil) -> Segment {
        Segment(.text(text), role: role)
    }

    /// A segment that is an image.
    package static func image(_ image: Image, role: Role? = nil) -> Segment {
        Segment(.image(image), role: role)
    }
}

/// Who says a segment of a conversation; the raw value is the `role` of the messages format.
public enum Role: String, Sendable, CaseIterable, Codable {
    case system
    case user
    case assistant
}

extension Document {
    /// The texts in reading order.
    package var texts: [String] {
        segments.compactMap { if case .text(let text) = $0.content { text } else { nil } }
    }

    /// Whether there is an image, or a text that is not blank.
    package var hasContent: Bool {
        !images.isEmpty || texts.contains { !$0.isBlank }
    }

    /// The images in reading order.
    package var images: [Image] {
        segments.compactMap { if case .image(let image) = $0.content { image } else { nil } }
    }
}
