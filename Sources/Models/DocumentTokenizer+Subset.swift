package import Documents
package import Vocabulary

extension DocumentTokenizer {
    /// The text tokenizer with only the tokens that the texts of documents need, in plain documents
    /// and in conversations by the chat template; images are passed over.
    ///
    /// It has what the tokens for images and of CM3 need, `<eos>`, `<break>`, `<alt>`, `<draw>`,
    /// `<tell>`, `<infill>` and `<mask:i>`, and `imageCodeCount` image codes. In a union with the
    /// whole tokenizer every token of text is one of its own.
    /// - Throws: what reading them throws, and `TokenizerError` for an impossible number of codes.
    package func subset(for documents: ShardsReader, imageCodeCount: Int) throws -> Tokenizer {
        var used: Set<TokenID> = []
        while let (document, _) = try documents.next() {
            used.formUnion(try tokens(of: document))
        }
        try documents.finish()
        let kept = try text.subset(for: used)
        let needed =
            [.end, .imageStart, .altText, .drawing, .telling, .infill]
            + TokenSpace.SpecialToken.masks
        return try kept.appending(
            specialTokens: needed.filter { kept.space.specialTokens[$0] == nil },
            imageCodeCount: imageCodeCount
        )
    }

    /// The tokens of a document's texts, each alone and all together.
    private func tokens(of document: Document) throws -> Set<TokenID> {
        var used = Set((document.texts + document.altTexts).flatMap(text.encode))
        let texts = document.segments.filter { if case .text = $0.content { true } else { false } }
        if conversation != nil, texts.contains(where: { $0.role != nil }) {
            used.formUnion(try encode(Document(texts)).tokens)
        }
        return used
    }
}
