internal import Basics

/// An ordered list of text and picture segments.
///
/// The one currency of the program: what a user writes, a data set holds, a retriever returns and
/// a model answers. A conversation is a document whose segments name their speaker.
public struct Document: Sendable, Equatable {
    /// The segments in reading order.
    public var segments: [Segment]

    /// Makes a document of segments in order.
    public init(_ segments: [Segment] = []) {
        self.segments = segments
    }
}

/// One run of text or one picture of a document.
public struct Segment: Sendable, Equatable {
    /// What a segment holds.
    public enum Content: Sendable, Equatable {
        /// Plain text; whatever it spells, it never means a special token.
        case text(String)
        /// A bitmap.
        case picture(Picture)
    }

    /// The text or the picture.
    public var content: Content
    /// Who says it; `nil` in a document that is not a conversation.
    public var speaker: Speaker?

    /// Makes a segment.
    public init(_ content: Content, speaker: Speaker? = nil) {
        self.content = content
        self.speaker = speaker
    }

    /// A segment of text.
    public static func text(_ text: String, speaker: Speaker? = nil) -> Segment {
        Segment(.text(text), speaker: speaker)
    }

    /// A segment that is a picture.
    public static func picture(_ picture: Picture, speaker: Speaker? = nil) -> Segment {
        Segment(.picture(picture), speaker: speaker)
    }
}

/// Who says a segment of a conversation; the raw value is the `role` of the messages format.
public enum Speaker: String, Sendable, CaseIterable, Codable {
    case system
    case user
    case assistant
}

extension Document {
    /// The texts in reading order.
    public var texts: [String] {
        segments.compactMap { if case .text(let text) = $0.content { text } else { nil } }
    }

    /// Whether there is a picture, or a text that is not blank.
    public var hasContent: Bool {
        !pictures.isEmpty || texts.contains { !$0.isBlank }
    }

    /// The pictures in reading order.
    public var pictures: [Picture] {
        segments.compactMap { if case .picture(let picture) = $0.content { picture } else { nil } }
    }
}
