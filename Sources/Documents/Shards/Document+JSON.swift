package import Basics

extension Document {
    /// The document as `{"segments": […]}`, images as base64 PNG.
    package var json: JSON {
        ["segments": .array(segments.map { .object($0.json) })]
    }

    /// The document in the plainest spelling that holds it, which is a line of JSON Lines.
    package var lineJSON: JSON {
        if segments.count == 1, segments[0].role == nil,
            case .text(let text) = segments[0].content
        {
            return ["text": .string(text)]
        }
        return messages.map { ["messages": .array($0)] } ?? json
    }

    /// The messages of a conversation: neighbouring segments of one role are one message; `nil`
    /// when some segment has no role.
    private var messages: [JSON]? {
        guard !segments.isEmpty else { return nil }
        var turns: [(role: Role, segments: [Segment])] = []
        for segment in segments {
            guard let role = segment.role else { return nil }
            if turns.last?.role == role {
                turns[turns.count - 1].segments.append(segment)
            } else {
                turns.append((role, [segment]))
            }
        }
        return turns.map { turn in
            ["role": .string(turn.role.rawValue), "content": Self.content(turn.segments)]
        }
    }

    private static func content(_ segments: [Segment]) -> JSON {
        if segments.count == 1, case .text(let text) = segments[0].content { return .string(text) }
        return .array(
            segments.map { segment in
                switch segment.content {
                case .text(let text): ["type": "text", "text": .string(text)]
                case .image(let image):
                    ["type": "image", "url": .string(DataURL.png(image.png()))]
                }
            }
        )
    }
}

extension Segment {
    /// The segment as `{"type": "text", "text": …}` or `{"type": "image", "png": base64}`, with its
    /// `role` if it has one; a caller may add members.
    package var json: JSON.Object {
        var object: JSON.Object
        switch content {
        case .text(let text): object = ["type": "text", "text": .string(text)]
        case .image(let image):
            object = ["type": "image", "png": .string(Base64.encode(image.png()))]
        }
        object["role"] = role.map { .string($0.rawValue) }
        return object
    }
}
