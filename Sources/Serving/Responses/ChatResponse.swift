internal import Basics
internal import Documents
internal import Jam

/// The JSON of an answer, whole or in chunks.
///
/// OpenAI's interface has no pictures in answers. As OpenRouter does, `message.images` has them, and
/// `message.content` the text; `message.parts`, which is ours, has both in order, and each delta of a
/// stream the `index` of its part.
struct ChatResponse: Sendable {
    private let head: CompletionHead

    init(model: String) { head = CompletionHead(idPrefix: "chatcmpl-", model: model) }

    // MARK: - Whole

    func whole(_ kept: KeptAnswers) -> JSON {
        let answer = kept.answers[0]
        let segments = answer.document.segments
        let parts = segments.enumerated().map { Self.part($1, index: $0) }
        var message: JSON.Object = [
            "role": "assistant",
            "content": .string(answer.document.texts.joined()),
        ]
        let images = zip(parts, segments).filter { $1.isImage }.map(\.0)
        if !images.isEmpty { message["images"] = .array(images) }
        message["parts"] = .array(parts)
        var response = head.object("chat.completion")
        response["choices"] = [
            [
                "index": 0, "message": .object(message), "logprobs": .null,
                "finish_reason": .string(answer.finishReason.name),
            ]
        ]
        response["usage"] = kept.counts.usage
        answer.addNotes(to: &response)
        return .object(response)
    }

    private static func part(_ segment: Segment, index: Int) -> JSON {
        switch segment.content {
        case .text(let text):
            ["type": "text", "index": .integer(index), "text": .string(text)]
        case .image(let image): self.image(image, segment.altText, index: index)
        }
    }

    private static func image(_ image: Image, _ altText: String?, index: Int) -> JSON {
        var object: JSON.Object = [
            "type": "image_url", "index": .integer(index),
            "image_url": ["url": .string(DataURL.png(image.png()))],
        ]
        object["alt_text"] = altText.map(JSON.string)
        return .object(object)
    }

    // MARK: - Chunks

    /// A chunk: what is new.
    func chunk(_ delta: JSON.Object, finishReason: String? = nil) -> JSON.Object {
        var chunk = head.object("chat.completion.chunk")
        chunk["choices"] = [
            [
                "index": 0, "delta": .object(delta),
                "finish_reason": finishReason.map(JSON.string) ?? .null,
            ]
        ]
        return chunk
    }

    /// The last chunk.
    func end(_ answer: Answer) -> JSON {
        var chunk = chunk([:], finishReason: answer.finishReason.name)
        answer.addNotes(to: &chunk)
        return .object(chunk)
    }

    /// The chunk with the numbers of tokens.
    func usageChunk(_ answer: Answer) -> JSON {
        var chunk = head.object("chat.completion.chunk")
        chunk["choices"] = []
        chunk["usage"] = answer.counts.usage
        return .object(chunk)
    }

    /// The deltas of an answer as it comes.
    struct Deltas {
        private var index = 0
        private var isInText = false
        private var altText: String?
        /// The codes of the image so far, and all of its codes.
        private var progress = (count: 0, total: 0)
        private var partialImages: PartialImages

        init(_ partialImages: PartialImages) { self.partialImages = partialImages }

        /// The delta of what happens; `nil` for none.
        mutating func delta(_ event: AnswerEvent) -> JSON.Object? {
            switch event {
            case .text(let text):
                isInText = true
                return ["content": .string(text), "index": .integer(index)]
            case .altText(let text):
                endText()
                altText = text
                return ["alt_text": .string(text), "index": .integer(index)]
            case .imageProgress(let count, let total):
                endText()
                if count == 0 { partialImages.begin() }
                progress = (count, total)
                // Later ones come with what there is to see.
                return count > 0
                    ? nil : ["image_progress": .object(counts), "index": .integer(index)]
            case .partialImage(let image): return delta(partial: image)
            case .image(let image):
                endText()
                defer {
                    index += 1
                    altText = nil
                }
                return [
                    "images": [ChatResponse.image(image, altText, index: index)],
                    "index": .integer(index),
                ]
            case .finished: return nil
            }
        }

        private var counts: JSON.Object {
            ["count": .integer(progress.count), "total": .integer(progress.total)]
        }

        private mutating func delta(partial image: Image) -> JSON.Object? {
            guard partialImages.includes(progress.count, of: progress.total) else { return nil }
            var shown = counts
            shown["url"] = .string(DataURL.png(image.png()))
            return ["image_progress": .object(shown), "index": .integer(index)]
        }

        /// An image is a part of its own.
        private mutating func endText() {
            if isInText { index += 1 }
            isInText = false
        }
    }
}
