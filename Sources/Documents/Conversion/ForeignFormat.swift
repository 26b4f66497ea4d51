import Basics

/// A kind of records that people tune models on, recognized by the names of its members.
package enum ForeignFormat: String, Sendable, CaseIterable {
    /// `conversations` of `from` and `value`.
    case shareGPT = "ShareGPT"
    /// The same with `image` or `images`, which `<image>` in the text stands for.
    case llava = "LLaVA"
    /// `messages` of `role` and `content`, as OpenAI's fine-tuning and Hugging Face's templates.
    case messages
    /// `instruction`, `input` and `output`.
    case alpaca = "Alpaca"
    /// A question and its answer under one of several pairs of names.
    case pair = "question and answer"
    /// An image file and its caption, as in the `metadata.jsonl` of Hugging Face's ImageFolder.
    case caption = "image and caption"
    case text

    private static let pairs = [
        ("prompt", "completion"), ("prompt", "response"), ("question", "answer"),
        ("query", "response"), ("input", "output"),
    ]
    private static let imageFiles = ["file_name", "image", "image_path", "image_file"]
    private static let captions = ["text", "caption"]

    /// The format of a record and the names of the members that it uses; `nil` if none fits.
    static func recognize(_ record: JSON.Object) -> (format: ForeignFormat, members: [String])? {
        func present(_ names: String...) -> [String] { names.filter(record.has) }
        let images = present("image", "images").filter { record.isUsed($0) }
        let spoken = present("system") + images
        for name in ["conversations", "conversation"] where record.has(name) {
            return (images.isEmpty ? .shareGPT : .llava, [name] + spoken)
        }
        if record.has("messages") { return (.messages, ["messages"] + spoken) }
        if record.has("instruction"), record.has("output") {
            return (
                .alpaca,
                ["instruction"] + present("input") + ["output"] + present("history") + spoken
            )
        }
        let file = imageFiles.first(where: record.has)
        let caption = captions.first(where: record.has)
        if let file, let caption { return (.caption, [file, caption]) }
        for (question, answer) in pairs where record.has(question) && record.has(answer) {
            return (.pair, [question, answer] + present("history") + spoken)
        }
        return record.has("text") && file == nil ? (.text, ["text"]) : nil
    }
}
