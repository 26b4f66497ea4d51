internal import Basics
internal import Documents
internal import Foundation
internal import Jam

/// The JSON of a response: its items in order, a message for each text and an
/// `image_generation_call` for each image, whole or as events.
struct ResponsesAnswer {
    private let id = "resp_" + Self.newID()
    private let created = Int(Date.now.timeIntervalSince1970)
    private let model: String
    private let echo: JSON.Object
    private var partialImages: PartialImages
    /// The items that are complete.
    private var items: [JSON] = []
    /// The item that is being made.
    private var current: Item?
    private var altText: String?
    private var sequence = 0

    private struct Item {
        let id: String
        let isImage: Bool
        var text = ""
        /// The codes of an image so far, and of all.
        var count = 0
        var total = 0
        /// How often it was shown.
        var shownCount = 0
    }

    init(model: String, echo: JSON.Object, _ partialImages: PartialImages) {
        self.model = model
        self.partialImages = partialImages
        self.echo = echo
    }

    private static func newID() -> String {
        UUID().uuidString.lowercased().filter { $0 != "-" }
    }

    // MARK: - Events

    /// The events before the first item.
    mutating func begin() -> [JSON.Object] {
        ["response.created", "response.in_progress"].map {
            event($0, ["response": response(status: "in_progress")])
        }
    }

    /// The events of what happens.
    mutating func events(_ event: AnswerEvent) -> [JSON.Object] {
        switch event {
        case .text(let text): add(text)
        case .altText(let text): describe(text)
        case .imageProgress(let count, let total): progress(count, total)
        case .partialImage(let image): show(image)
        case .image(let image): complete(image)
        case .finished(let answer): finish(answer)
        }
    }

    private mutating func add(_ text: String) -> [JSON.Object] {
        var events: [JSON.Object] = []
        if current == nil {
            current = Item(id: "msg_" + Self.newID(), isImage: false)
            events.append(itemEvent("added", message(status: "in_progress")))
            events.append(partEvent("response.content_part.added", ["part": Self.part("")]))
        }
        current?.text += text
        events.append(
            partEvent("response.output_text.delta", ["delta": .string(text), "logprobs": []])
        )
        return events
    }

    /// Ends the text that is being said, if one is.
    private mutating func end() -> [JSON.Object] {
        guard let item = current, !item.isImage else { return [] }
        let text = JSON.string(item.text)
        let done = [
            partEvent("response.output_text.done", ["text": text, "logprobs": []]),
            partEvent("response.content_part.done", ["part": Self.part(item.text)]),
        ]
        return done + [complete(message(status: "completed"))]
    }

    /// Keeps what the next image shows.
    private mutating func describe(_ text: String) -> [JSON.Object] {
        let ended = end()
        altText = text
        return ended
    }

    private mutating func beginImage() -> [JSON.Object] {
        let ended = end()
        current = Item(id: "ig_" + Self.newID(), isImage: true)
        partialImages.begin()
        return ended + [
            itemEvent("added", imageCall(status: "in_progress", nil)),
            imageEvent("in_progress"), imageEvent("generating"),
        ]
    }

    private mutating func progress(_ count: Int, _ total: Int) -> [JSON.Object] {
        if count == 0 { return beginImage() }
        current?.count = count
        current?.total = total
        return []
    }

    private mutating func show(_ image: Image) -> [JSON.Object] {
        guard let item = current else { return [] }
        guard partialImages.includes(item.count, of: item.total) else { return [] }
        let number = item.shownCount
        current?.shownCount += 1
        return [
            imageEvent(
                "partial_image",
                [
                    "partial_image_index": .integer(number),
                    "partial_image_b64": .string(Base64.encode(image.png())),
                ]
            )
        ]
    }

    private mutating func complete(_ image: Image) -> [JSON.Object] {
        let events = current == nil ? beginImage() : []
        let completed = imageEvent("completed")
        defer { altText = nil }
        return events + [completed, complete(imageCall(status: "completed", image))]
    }

    private mutating func finish(_ answer: Answer) -> [JSON.Object] {
        let ended = end()
        let isWhole = answer.finishReason != .length
        let status = isWhole ? "completed" : "incomplete"
        return ended + [event("response." + status, ["response": response(status: status, answer)])]
    }

    private mutating func event(_ type: String, _ members: JSON.Object) -> JSON.Object {
        var event: JSON.Object = ["type": .string(type), "sequence_number": .integer(sequence)]
        for (key, value) in members.members { event[key] = value }
        sequence += 1
        return event
    }

    private mutating func itemEvent(_ what: String, _ item: JSON) -> JSON.Object {
        event(
            "response.output_item." + what,
            ["output_index": .integer(items.count), "item": item]
        )
    }

    /// Ends the current item.
    private mutating func complete(_ item: JSON) -> JSON.Object {
        let event = itemEvent("done", item)
        items.append(item)
        current = nil
        return event
    }

    private mutating func partEvent(_ type: String, _ members: JSON.Object) -> JSON.Object {
        var all = place
        all["content_index"] = 0
        for (key, value) in members.members { all[key] = value }
        return event(type, all)
    }

    private mutating func imageEvent(
        _ what: String,
        _ members: JSON.Object = [:]
    ) -> JSON.Object {
        var all = place
        for (key, value) in members.members { all[key] = value }
        return event("response.image_generation_call." + what, all)
    }

    private var place: JSON.Object {
        ["item_id": .string(current?.id ?? ""), "output_index": .integer(items.count)]
    }

    // MARK: - Items

    private func message(status: String) -> JSON {
        [
            "id": .string(current?.id ?? ""), "type": "message", "status": .string(status),
            "role": "assistant",
            "content": status == "completed" ? [Self.part(current?.text ?? "")] : [],
        ]
    }

    private static func part(_ text: String) -> JSON {
        ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
    }

    private func imageCall(status: String, _ image: Image?) -> JSON {
        var call: JSON.Object = [
            "id": .string(current?.id ?? ""), "type": "image_generation_call",
            "status": .string(status),
            "result": image.map { .string(Base64.encode($0.png())) } ?? .null,
        ]
        call["revised_prompt"] = altText.map(JSON.string)
        return .object(call)
    }

    // MARK: - Responses

    private func response(status: String, _ answer: Answer? = nil) -> JSON {
        var response: JSON.Object = [
            "id": .string(id), "object": "response", "created_at": .integer(created),
            "status": .string(status), "error": .null,
            "incomplete_details": status == "incomplete"
                ? ["reason": "max_output_tokens"] : .null,
            "model": .string(model), "output": .array(items), "parallel_tool_calls": false,
            "previous_response_id": .null, "store": false,
            "text": ["format": ["type": "text"]], "tool_choice": "auto", "truncation": "auto",
            "usage": answer.map(Self.usage) ?? .null,
        ]
        for (key, value) in echo.members { response[key] = value }
        answer?.addNotes(to: &response)
        return .object(response)
    }

    private static func usage(of answer: Answer) -> JSON {
        let made = answer.counts.text + answer.counts.image
        return [
            "input_tokens": .integer(answer.counts.prompt),
            "input_tokens_details": ["cached_tokens": .integer(answer.counts.cachedPrompt)],
            "output_tokens": .integer(made), "output_tokens_details": ["reasoning_tokens": 0],
            "total_tokens": .integer(answer.counts.prompt + made),
        ]
    }
}
