package import Vision
internal import Vocabulary

extension Generator {
    /// Draws regions of images anew, as the CM3 objective teaches it: a caption, the codes around
    /// the hole, and then those in it.
    ///
    /// - Parameters:
    ///   - inpaintings: what to draw.
    ///   - options: how; the counts of images and text tokens have no meaning here.
    ///   - onEvent: told the number of the inpainting and what comes.
    ///   - isCancelled: asked before every code.
    /// - Returns: answers of one image each, at the image tokenizer's size, in which nothing but
    ///   the region's codes has changed.
    /// - Throws: as ``generate(batch:_:onEvent:isCancelled:)``, and ``OptionError`` for a region that
    ///   the model does not see, and for guidance by image, since there is no other image.
    package func inpaint(
        batch inpaintings: [Inpainting],
        _ options: GenerationOptions,
        onEvent: @escaping (Int, GenerationEvent) -> Void = { _, _ in },
        isCancelled: () -> Bool = { Task.isCancelled }
    ) throws -> [Generated] {
        let imageTokenizer = try checkInpaints()
        for case .editing(_, let scale) in options.contrasts {
            throw OptionError(
                flag: "--image-guidance",
                value: "\(scale)",
                allowed: "no such guidance where a region is drawn anew; --guidance goes there"
            )
        }
        let context = try context(options)
        let answers = try inpaintings.enumerated().map { index, inpainting in
            let hole = try ImageHole(inpainting, imageTokenizer)
            let prompt = Prompt(hole, caption: inpainting.caption, tokenizer)
            guard prompt.tokens.count + hole.span.count <= context else {
                throw GenerationError.promptTooLong(
                    prompt: prompt.tokens.count,
                    answer: hole.span.count,
                    context: context
                )
            }
            return Answer(
                to: prompt,
                filling: hole,
                tokenizer,
                codesPerImage: hole.span.count,
                contrast: options.contrast(of: index),
                seed: options.seed &+ UInt64(index),
                machine: InterleavingMachine(space: tokenizer.space, filling: hole.span.count),
                onEvent: { onEvent(index, $0) }
            )
        }
        return try finish(answers, options, isCancelled)
    }

    /// Refuses a model that cannot draw regions of images anew.
    ///
    /// - Returns: its image tokenizer.
    @discardableResult
    package func checkInpaints() throws -> any ImageTokenizer {
        guard let imageTokenizer else { throw GenerationError.noImages }
        try imageTokenizer.checkDecodes()
        for specialToken in [TokenSpace.SpecialToken.infill, .mask(0)] {
            try tokenizer.space.require(specialToken, for: "drawing a region anew")
        }
        return imageTokenizer
    }
}
