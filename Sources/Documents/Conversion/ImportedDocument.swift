import Basics

/// A document of another program's file, with its images as they are stored there.
struct ImportedDocument {
    enum Part {
        case text(String)
        case image(StoredImage, altText: String? = nil)

        /// Whether it is a text without characters.
        var isEmpty: Bool { if case .text(let text) = self { text.isEmpty } else { false } }
        var hasNUL: Bool {
            switch self {
            case .text(let text), .image(_, let text?): text.utf8.contains(0)
            case .image(_, nil): false
            }
        }
    }

    /// Where an image is.
    enum StoredImage {
        /// A file, by its path in the folder of images.
        case file(String)
        /// The bytes of an image file.
        case bytes([UInt8])
    }

    struct Turn {
        var role: Role?
        var parts: [Part]
        /// Whether it is trained on, if the assistant says it.
        var isLearned = true
    }

    var turns: [Turn] = []

    var images: [StoredImage] {
        turns.flatMap(\.parts).compactMap { part in
            if case .image(let image, _) = part { image } else { nil }
        }
    }

    /// The document as jam reads it; `image` says how an image is named.
    func json(image: (StoredImage) throws -> (key: String, value: String)) rethrows -> JSON {
        func part(_ part: Part) throws -> JSON.Object {
            switch part {
            case .text(let text): return ["type": "text", "text": .string(text)]
            case .image(let stored, let altText):
                let (key, value) = try image(stored)
                var object: JSON.Object = ["type": "image", key: .string(value)]
                object["alt_text"] = altText.map(JSON.string)
                return object
            }
        }
        if turns.count == 1, turns[0].role == nil, turns[0].parts.count == 1,
            case .text(let text) = turns[0].parts[0]
        {
            return ["text": .string(text)]
        }
        guard turns.allSatisfy({ $0.role != nil }) else {
            return ["segments": .array(try turns.flatMap(\.parts).map { .object(try part($0)) })]
        }
        return [
            "messages": .array(
                try turns.map { turn in
                    var message: JSON.Object = ["role": .string(turn.role?.rawValue ?? "")]
                    if turn.parts.count == 1, case .text(let text) = turn.parts[0] {
                        message["content"] = .string(text)
                    } else {
                        message["content"] = .array(try turn.parts.map { .object(try part($0)) })
                    }
                    if !turn.isLearned { message["weight"] = 0 }
                    return .object(message)
                }
            )
        ]
    }
}
