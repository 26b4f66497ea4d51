internal import Basics
internal import Documents
internal import Foundation
internal import Jam

/// The JSON of drawn images, whole or as events.
struct ImageResponse: Sendable {
    /// What its events are called: `image_generation` or `image_edit`.
    let name: String
    private let created = Int(Date.now.timeIntervalSince1970)
    private var partialImages: PartialImages
    /// The codes of the image so far, and all of its codes.
    private var progress = (count: 0, total: 0)
    /// How often it was shown.
    private var shownCount = 0

    init(_ name: String, _ partialImages: PartialImages) {
        self.name = name
        self.partialImages = partialImages
    }

    func whole(_ kept: KeptAnswers) -> JSON {
        let images = kept.answers.flatMap { answer in
            answer.document.segments.compactMap { segment -> JSON? in
                guard case .image(let image) = segment.content else { return nil }
                var object = Self.image(image, segment.altText)
                object["seed"] = answer.seedJSON
                return .object(object)
            }
        }
        return [
            "created": .integer(created), "data": .array(images), "output_format": "png",
            "usage": Self.usage(kept.counts), "seed": kept.answers.first?.seedJSON ?? .null,
        ]
    }

    /// The event of what happens; `nil` for none.
    mutating func event(_ event: AnswerEvent) -> JSON.Object? {
        switch event {
        case .imageProgress(let count, let total):
            progress = (count, total)
            return nil
        case .partialImage(let image):
            guard partialImages.includes(progress.count, of: progress.total) else { return nil }
            defer { shownCount += 1 }
            return self.event(
                "partial_image",
                image,
                nil,
                [
                    "partial_image_index": .integer(shownCount),
                    "image_progress": [
                        "count": .integer(progress.count), "total": .integer(progress.total),
                    ],
                ]
            )
        case .finished(let answer):
            guard let segment = answer.document.segments.first(where: \.isImage),
                case .image(let image) = segment.content
            else { return nil }
            return self.event(
                "completed",
                image,
                segment.altText,
                ["usage": Self.usage(answer.counts), "seed": answer.seedJSON]
            )
        case .text, .altText, .image: return nil
        }
    }

    private func event(
        _ what: String,
        _ image: Image,
        _ altText: String?,
        _ members: JSON.Object
    ) -> JSON.Object {
        var event: JSON.Object = [
            "type": .string("\(name).\(what)"), "created_at": .integer(created),
            "size": .string("\(ImageSize(width: image.width, height: image.height))"),
            "quality": "auto", "background": "opaque", "output_format": "png",
        ]
        for (key, value) in Self.image(image, altText).members { event[key] = value }
        for (key, value) in members.members { event[key] = value }
        return event
    }

    private static func image(_ image: Image, _ altText: String?) -> JSON.Object {
        var object: JSON.Object = ["b64_json": .string(Base64.encode(image.png()))]
        object["revised_prompt"] = altText.map(JSON.string)
        return object
    }

    private static func usage(_ counts: Answer.TokenCounts) -> JSON {
        [
            "input_tokens": .integer(counts.prompt), "output_tokens": .integer(counts.image),
            "total_tokens": .integer(counts.prompt + counts.image),
        ]
    }
}
