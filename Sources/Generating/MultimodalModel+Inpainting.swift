package import Models
package import Vision
internal import Vocabulary

extension MultimodalModel {
    /// Draws regions of images again, as the CM3 objective trains it: a caption, the codes around the
    /// mask, and then those under it.
    ///
    /// - Parameters:
    ///   - inpaintings: what to draw.
    ///   - options: how; the numbers of images and text tokens have no effect.
    ///   - onEvent: takes the number of the inpainting and what happens.
    ///   - isCancelled: asked before every code.
    /// - Returns: answers of one image each, at the image tokenizer's size, in which only the codes
    ///   of the region have changed.
    /// - Throws: as ``generate(_:retrieved:_:onEvent:isCancelled:)``, and ``SettingError`` for a
    ///   region that the model does not see, and for guidance by image, since there is no other image.
    package func inpaint(
        _ inpaintings: [Inpainting],
        _ options: AnswerOptions,
        onEvent: @escaping (Int, AnswerEvent) -> Void = { _, _ in },
        isCancelled: () -> Bool = { Task.isCancelled }
    ) throws -> [Answer] {
        try finish(try begin(inpaintings, options, onEvent: onEvent), isCancelled)
    }

    /// Begins answers of one image each that a ``GenerationLoop`` generates; as
    /// ``inpaint(_:_:onEvent:isCancelled:)``, which says what is thrown.
    package func begin(
        _ inpaintings: [Inpainting],
        _ options: AnswerOptions,
        onEvent: @escaping (Int, AnswerEvent) -> Void
    ) throws -> [AnswerInProgress] {
        try checkInpaints()
        let frame = try tokenizer.requiredFrame()
        try options.check()
        for case .editing(_, let scale) in options.guidances {
            throw SettingError(
                .imageGuidance,
                "\(scale)",
                "no such guidance where a region is drawn again; guidance by text is possible there"
            )
        }
        let context = try context(options)
        return try inpaintings.enumerated().map { index, inpainting in
            let mask = try InpaintingMask(inpainting, tokenizer)
            let prompt = Prompt(mask, caption: inpainting.caption, frame, tokenizer)
            let count = mask.tokenCount(in: frame)
            guard prompt.tokens.count + count <= context else {
                throw GenerationError.promptTooLong(
                    prompt: prompt.tokens.count,
                    answer: count,
                    context: context
                )
            }
            return AnswerInProgress(
                to: prompt,
                filling: mask,
                tokenizer,
                options,
                number: index,
                InterleavingMachine(
                    space: tokenizer.space,
                    frame,
                    filling: mask.span,
                    of: mask.size
                ),
                onEvent: { onEvent(index, $0) }
            )
        }
    }

    /// Refuses a model that cannot inpaint.
    ///
    /// - Returns: its image tokenizer.
    @discardableResult
    package func checkInpaints() throws -> any ImageTokenizer {
        let decoder = try tokenizer.decoder()
        for token in [TokenSpace.SpecialToken.infill, .mask(0)] {
            try tokenizer.require(token, for: "inpainting")
        }
        return decoder
    }
}
