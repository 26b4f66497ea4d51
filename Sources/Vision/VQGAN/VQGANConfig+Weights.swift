internal import Checkpoints

extension VQGANConfig {
    /// Infers and validates the config from the shapes of weights, which determine all but the image
    /// size.
    ///
    /// Only some weights are looked at: the caller compares all of them with the declaration.
    init(of weights: any WeightSource, imageSize: Int) throws(VisionError) {
        func shape(_ name: String, rank: Int) throws(VisionError) -> [Int] {
            guard let entry = weights.entry(name) else {
                throw .notVQGAN(path: weights.path, problem: "the weight \"\(name)\" is missing")
            }
            guard entry.shape.count == rank else {
                throw .notVQGAN(
                    path: weights.path,
                    problem: "the weight \"\(name)\" has shape \(entry.shape); \(rank) dimensions "
                        + "are expected"
                )
            }
            return entry.shape
        }
        func blockName(_ level: Int, _ block: Int) -> String {
            "encoder.down.\(level).block.\(block).conv1.weight"
        }
        func count(while exists: (Int) -> Bool) -> Int {
            var count = 0
            while exists(count) { count += 1 }
            return count
        }

        let base = try shape("encoder.conv_in.weight", rank: 4)[0]
        let levelCount = count { weights.entry(blockName($0, 0)) != nil }
        var multipliers: [Int] = []
        for level in 0..<levelCount {
            let channels = try shape(blockName(level, 0), rank: 4)[0]
            guard base > 0, channels % base == 0 else {
                throw .notVQGAN(
                    path: weights.path,
                    problem:
                        "level \(level) has \(channels) channels, not a multiple of the \(base) "
                        + "of the first convolution"
                )
            }
            multipliers.append(channels / base)
        }
        let quantization = try shape("quant_conv.weight", rank: 4)
        self.imageSize = imageSize
        baseChannels = base
        channelMultipliers = multipliers
        blockCount = count { weights.entry(blockName(0, $0)) != nil }
        attentionLevels = (0..<levelCount).filter {
            weights.entry("encoder.down.\($0).attn.0.norm.weight") != nil
        }
        latentChannels = quantization[1]
        codeWidth = quantization[0]
        codeCount = try shape("quantize.embedding.weight", rank: 2)[0]
        hasDecoder = weights.names.contains { $0.hasPrefix("decoder.") }
        try validate()
    }
}
