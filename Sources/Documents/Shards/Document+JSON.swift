package import Basics

extension Document {
    /// Creates a document from JSON: `{"text": …}`, `{"messages": […]}` or `{"segments": […]}`.
    ///
    /// Images are embedded as data URLs or base64.
    /// - Throws: `JamError`, which names the wrong member, and what was expected.
    public init(jsonString: String) throws {
        self = try withJamErrors {
            try DocumentParser(place: "the document", images: .embedded)
                .document(parsing: Array(jsonString.utf8))
        }
    }

    /// The document as JSON, `{"segments": […]}` with images as base64 PNG.
    public var jsonString: String { json.text() }

    /// `{"segments": […]}` with images as base64 PNG.
    package var json: JSON {
        ["segments": .array(segments.map { .object($0.json) })]
    }

    /// The document in its shortest JSON format, for a line of JSON Lines.
    package var lineJSON: JSON {
        if segments.count == 1, segments[0].role == nil, !segments[0].parsesSpecialTokens,
            segments[0].isLearned, case .text(let text) = segments[0].content
        {
            return ["text": .string(text)]
        }
        return messages.map { ["messages": .array($0)] } ?? json
    }

    /// Adjacent segments of one role that are all learned or all not, together.
    var turns: [(role: Role?, segments: [Segment])] {
        var turns: [(role: Role?, segments: [Segment])] = []
        for segment in segments {
            if let last = turns.last, last.role == segment.role,
                last.segments[0].isLearned == segment.isLearned
            {
                turns[turns.count - 1].segments.append(segment)
            } else {
                turns.append((segment.role, [segment]))
            }
        }
        return turns
    }

    /// The messages of a conversation, one for each turn; `nil` if a segment has no role.
    private var messages: [JSON]? {
        guard !segments.isEmpty, segments.allSatisfy({ $0.role != nil }) else { return nil }
        return turns.map { turn in
            let role = turn.role.map { JSON.string($0.rawValue) } ?? .null
            var message: JSON.Object = ["role": role, "content": Self.content(turn.segments)]
            if !turn.segments[0].isLearned { message["weight"] = 0 }
            return .object(message)
        }
    }

    private static func content(_ segments: [Segment]) -> JSON {
        if segments.count == 1, !segments[0].parsesSpecialTokens,
            case .text(let text) = segments[0].content
        {
            return .string(text)
        }
        return .array(
            segments.map { segment in
                var segment = segment
                segment.role = nil
                segment.isLearned = true
                return .object(segment.json { ("url", DataURL.png($0.png())) })
            }
        )
    }
}

extension Segment {
    /// `{"type": "text", "text": …}` or `{"type": "image", "png": …}`, with the `role`, the `alt_text`
    /// and a `weight` of 0 if any.
    package var json: JSON.Object {
        json { ("png", Base64.encode($0.png())) }
    }

    /// The members, with an image as the member that `member` returns.
    func json(image member: (Image) -> (key: String, value: String)) -> JSON.Object {
        var object: JSON.Object
        switch content {
        case .text(let text): object = ["type": "text", "text": .string(text)]
        case .image(let image):
            let (key, value) = member(image)
            object = ["type": "image", key: .string(value)]
            object["alt_text"] = altText.map(JSON.string)
        }
        object["role"] = role.map { .string($0.rawValue) }
        if !isLearned { object["weight"] = 0 }
        if parsesSpecialTokens { object["parse_special_tokens"] = true }
        return object
    }
}
