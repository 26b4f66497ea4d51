extension Tokenizer {
    package var documentPrefix: [TokenID] {
        pipeline.postProcessor.prefix.isEmpty ? [space[.end]] : pipeline.postProcessor.prefix
    }
}
