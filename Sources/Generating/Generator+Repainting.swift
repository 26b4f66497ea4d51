public import Vision
internal import Vocabulary

extension Generator {
    /// Draws regions of pictures anew, as the CM3 objective teaches it: a caption, the codes around
    /// the hole, and then those in it.
    ///
    /// - Parameters:
    ///   - repaintings: what to draw.
    ///   - options: how; the counts of pictures and text tokens have no meaning here.
    ///   - onEvent: told the number of the repainting and what comes.
    ///   - isCancelled: asked before every code.
    /// - Returns: answers of one picture each, at the image tokenizer's size, in which nothing but
    ///   the region's codes has changed.
    /// - Throws: as ``generate(batch:_:onEvent:isCancelled:)``, and ``OptionError`` for a region that
    ///   the model does not see, and for guidance by picture, since there is no other picture.
    public func repaint(
        batch repaintings: [Repainting],
        _ options: GenerationOptions,
        onEvent: @escaping (Int, GenerationEvent) -> Void = { _, _ in },
        isCancelled: () -> Bool = { Task.isCancelled }
    ) throws -> [Generated] {
        let coder = try checkRepaints()
        for case .editing(_, let scale) in options.contrasts {
            throw OptionError(
                flag: "--image-guidance",
                value: "\(scale)",
                allowed: "no such guidance where a region is drawn anew; --guidance goes there"
            )
        }
        let context = try context(options)
        let answers = try repaintings.enumerated().map { index, repainting in
            let hole = try PictureHole(repainting, coder)
            let prompt = Prompt(hole, caption: repainting.caption, tokenizer)
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
                codesPerPicture: hole.span.count,
                contrast: options.contrast(of: index),
                seed: options.seed &+ UInt64(index),
                machine: InterleavingMachine(space: tokenizer.space, filling: hole.span.count),
                onEvent: { onEvent(index, $0) }
            )
        }
        return try finish(answers, options, isCancelled)
    }

    /// Refuses a model that cannot draw regions of pictures anew.
    ///
    /// - Returns: its image tokenizer.
    @discardableResult
    public func checkRepaints() throws -> any PictureCoder {
        guard let coder else { throw GenerationError.noPictures }
        try coder.checkDecodes()
        for marker in [TokenSpace.Marker.infill, .mask(0)] {
            try tokenizer.space.require(marker, for: "drawing a region anew")
        }
        return coder
    }
}
