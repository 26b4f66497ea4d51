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
    /// How conversations become tokens; `nil` for a model without a chat template.
    package let conversation: ConversationFormat?

    /// The token space of both.
    package var space: TokenSpace { text.space }

    /// The number of codes of an image; 0 without an image tokenizer.
    package var codesPerImage: Int { image?.codesPerImage ?? 0 }

    /// Combines two tokenizers.
    ///
    /// - Parameters:
    ///   - text: the text tokenizer.
    ///   - image: the image tokenizer; `nil` for a model of text alone.
    ///   - templates: the chat templates of the model's folder; without any, a vocabulary with
    ///     tokens for roles has a template of ours.
    /// - Throws: ``ModelError/codesDiffer(tokenizer:vocabulary:)`` if the codes of the image
    ///   tokenizer are not those of the token space, and what is wrong with a template.
    package init(
        _ text: Tokenizer,
        _ image: (any ImageTokenizer)? = nil,
        templates: ChatTemplates? = nil
    ) throws {
        if let image {
            guard image.codeCount == text.space.image.count else {
                throw ModelError.codesDiffer(
                    tokenizer: image.codeCount,
                    vocabulary: text.space.image.count
                )
            }
        }
        self.text = text
        self.image = image
        conversation = try ConversationFormat(templates, text)
    }

    /// Opens the tokenizer and the chat templates of a model, or a `tokenizer.json`, and the image
    /// tokenizer of another folder if there is one.
    ///
    /// - Parameters:
    ///   - folder: a model folder, a GGUF file or a `tokenizer.json`.
    ///   - rows: the rows for tokens that the model has; `nil` for as many as there are tokens.
    ///   - imageTokenizer: the folder of an image tokenizer.
    package init(folder: String, rows: Int? = nil, imageTokenizer: String?) throws {
        let url = URL(filePath: folder)
        let tokenizer = try Tokenizer(contentsOf: url)
        try self.init(
            rows.map(tokenizer.limited(to:)) ?? tokenizer,
            imageTokenizer.map { try openImageTokenizer($0) },
            templates: ChatTemplates(ofTokenizer: url)
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
        var codes = try codes(of: documents.flatMap(\.images))[...]
        // One list of codes for each image, in the order of the images.
        return try documents.map { try encode($0) { _ in codes.removeFirst() } }
    }

    /// Encodes one document, whose texts are plain text, unless a segment says otherwise.
    ///
    /// - Parameters:
    ///   - document: texts and images.
    ///   - isPrompt: whether an answer is to follow; see ``TokenSequence``.
    /// - Returns: its tokens.
    /// - Throws: as ``encode(_:)``, and ``ModelError/noChatTemplate`` for a conversation without one.
    package func encode(_ document: Document, isPrompt: Bool = false) throws -> TokenSequence {
        try encode(document, isPrompt: isPrompt) { try codes(of: [$0])[0] }
    }

    private func encode(
        _ document: Document,
        isPrompt: Bool = false,
        codes: (Image) throws -> [Int]
    ) throws -> TokenSequence {
        let sequence = try sequence(document, isPrompt, codes)
        try text.checkRows(for: sequence.tokens)
        return sequence
    }

    private func sequence(
        _ document: Document,
        _ isPrompt: Bool,
        _ codes: (Image) throws -> [Int]
    ) throws -> TokenSequence {
        guard document.segments.allSatisfy({ $0.role == nil }) else {
            guard let conversation else { throw ModelError.noChatTemplate }
            return try conversation.sequence(of: document, isPrompt: isPrompt, image: codes)
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
            image: codes
        )
    }

    private func codes(of images: [Image]) throws -> [[Int]] {
        guard !images.isEmpty else { return [] }
        guard let image else {
            throw ModelError.noImageTokenizer(need: "a document with an image")
        }
        return try image.encode(images)
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
