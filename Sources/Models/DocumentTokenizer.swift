package import Documents
internal import Foundation
package import Vision
package import Vocabulary

/// Turns documents into tokens, and image codes back into images.
///
/// A text tokenizer, and an image tokenizer where the model reads or draws images.
package struct DocumentTokenizer {
    /// The text tokenizer, whose token space also has the image codes.
    package let text: Tokenizer
    /// The image tokenizer; `nil` for a model of text alone.
    package let image: (any ImageTokenizer)?
    /// How images are written; `nil` without an image tokenizer, or without tokens for images.
    package let frame: FrameLayout?
    /// How conversations become tokens; `nil` for a model without a chat template.
    package let conversation: ConversationFormat?

    /// The codes of images of prompts, most of which the next turn has again.
    private let known = KnownImages()

    /// The token space of both.
    package var space: TokenSpace { text.space }

    /// Combines two tokenizers.
    ///
    /// - Parameters:
    ///   - text: the text tokenizer.
    ///   - image: the image tokenizer; `nil` for a model of text alone.
    ///   - templates: the chat templates of the model's folder; without any, a vocabulary with
    ///     tokens for roles has a template of ours.
    ///   - frame: how the model writes images; `nil` for the frame whose tokens the vocabulary has.
    /// - Throws: ``ModelError/codesDiffer(tokenizer:vocabulary:)`` if the codes of the image
    ///   tokenizer are not those of the token space, `ImageFrameError` if the frame does not hold in
    ///   the vocabulary, and what is wrong with a template.
    package init(
        _ text: Tokenizer,
        _ image: (any ImageTokenizer)? = nil,
        templates: ChatTemplates? = nil,
        frame: ImageFrame? = nil
    ) throws {
        if let image {
            guard image.codeCount == text.space.image.count else {
                throw ModelError.codesDiffer(
                    tokenizer: image.codeCount,
                    vocabulary: text.space.image.count
                )
            }
        }
        let known = frame ?? (image == nil ? nil : ImageFrame(publishedFor: text))
        self.frame = try image.flatMap { image in
            try known.map { try FrameLayout($0, in: text, usualSize: image.grid) }
        }
        self.text = text
        self.image = image
        conversation = try ConversationFormat(templates, text)
    }

    /// Opens the tokenizer, the chat templates and the frame of images of a model, or beside a
    /// `tokenizer.json`, and the image tokenizer of another folder if there is one.
    ///
    /// - Parameters:
    ///   - folder: a model folder, a GGUF file or a `tokenizer.json`.
    ///   - rows: the rows for tokens that the model has; `nil` for as many as there are tokens.
    ///   - imageTokenizer: the folder of an image tokenizer.
    /// - Throws: what is wrong with one of the files, or that they do not fit together.
    package init(folder: String, rows: Int? = nil, imageTokenizer: String?) throws {
        let url = URL(filePath: folder)
        let tokenizer = try Tokenizer(contentsOf: url)
        try self.init(
            rows.map(tokenizer.limited(to:)) ?? tokenizer,
            imageTokenizer.map { try openImageTokenizer($0) },
            templates: ChatTemplates(ofTokenizer: url),
            frame: ImageFrame(ofTokenizer: url)
        )
    }

    /// Encodes documents; the images of all of them are encoded together, which is faster than one
    /// after the other and differs in the last bits.
    ///
    /// - Parameter documents: their texts are plain text, unless a segment says otherwise.
    /// - Returns: a sequence for each document.
    /// - Throws: ``ModelError/noImageTokenizer(need:)`` for an image without an image tokenizer,
    ///   `MissingSpecialToken`, and what the image tokenizer throws.
    package func encode(_ documents: [Document]) throws -> [TokenSequence] {
        var images = try framed(documents.flatMap(\.images))[...]
        // In the order of the images.
        return try documents.map { try encode($0) { _ in images.removeFirst() } }
    }

    /// Encodes one document, whose texts are plain text, unless a segment says otherwise.
    ///
    /// - Parameters:
    ///   - document: texts and images.
    ///   - isPrompt: whether an answer is to follow; see ``TokenSequence``.
    /// - Returns: its tokens.
    /// - Throws: as ``encode(_:)``, and ``ModelError/noChatTemplate`` for a conversation without one.
    package func encode(_ document: Document, isPrompt: Bool = false) throws -> TokenSequence {
        try encode(document, isPrompt: isPrompt) { image in
            guard isPrompt else { return try framed([image])[0] }
            return try known.framed(image) { try framed([image])[0] }
        }
    }

    private func encode(
        _ document: Document,
        isPrompt: Bool = false,
        image: (Image) throws -> FramedImage
    ) throws -> TokenSequence {
        let sequence = try sequence(document, isPrompt, image)
        try text.checkRows(for: sequence.tokens)
        return sequence
    }

    private func sequence(
        _ document: Document,
        _ isPrompt: Bool,
        _ image: (Image) throws -> FramedImage
    ) throws -> TokenSequence {
        guard document.segments.allSatisfy({ $0.role == nil }) else {
            guard let conversation else { throw ModelError.noChatTemplate }
            return try conversation.sequence(of: document, isPrompt: isPrompt, image: image)
        }
        return try TokenSequence(
            document,
            in: space,
            prefix: text.documentPrefix,
            isPrompt: isPrompt,
            text: { string, segment in
                segment.parsesSpecialTokens
                    ? text.encodeWithAddedTokens(string) : text.encode(string)
            },
            image: image
        )
    }

    /// The codes of an image, and their size.
    package func codes(of image: Image) throws -> (codes: [Int], size: GridSize) {
        let (tokenizer, frame) = try imageParts()
        let size = frame.size(forWidth: image.width, height: image.height)
        return (try tokenizer.encode([image], as: size)[0], size)
    }

    private func framed(_ images: [Image]) throws -> [FramedImage] {
        guard !images.isEmpty else { return [] }
        let (tokenizer, frame) = try imageParts()
        let sizes = images.map { frame.size(forWidth: $0.width, height: $0.height) }
        var framed = [FramedImage?](repeating: nil, count: images.count)
        for (size, places) in Dictionary(grouping: images.indices, by: { sizes[$0] }) {
            let codes = try tokenizer.encode(places.map { images[$0] }, as: size)
            for (place, codes) in zip(places, codes) { framed[place] = frame.framed(codes, size) }
        }
        return framed.compactMap(\.self)
    }

    private func imageParts() throws -> (any ImageTokenizer, FrameLayout) {
        guard let image else {
            throw ModelError.noImageTokenizer(need: "a document with an image")
        }
        return (image, try requiredFrame())
    }

    /// How images are written.
    ///
    /// - Throws: ``ModelError/specialTokenMissing(spelling:need:)`` if the vocabulary has no tokens
    ///   for images.
    package func requiredFrame() throws(ModelError) -> FrameLayout {
        guard let frame else { throw .specialTokenMissing(spelling: "<break>", need: "an image") }
        return frame
    }

    /// The image tokenizer, which must be able to decode.
    ///
    /// - Throws: ``ModelError/noImageTokenizer(need:)`` without one, and `VisionError` if it only encodes.
    package func decoder() throws -> any ImageTokenizer {
        guard let image else { throw ModelError.noImageTokenizer(need: "drawing an image") }
        try image.checkDecodes()
        return image
    }

    /// Refuses a token space without `token`, which `need` needs.
    package func require(_ token: TokenSpace.SpecialToken, for need: String) throws(ModelError) {
        guard space.specialTokens[token] != nil else {
            throw .specialTokenMissing(spelling: token.spelling, need: need)
        }
    }
}
