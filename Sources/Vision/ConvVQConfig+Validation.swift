extension ConvVQConfig {
    /// Throws the first size that is impossible or does not fit the others.
    package func validate() throws(VisionError) {
        try VisionError.check("image_size", imageSize, in: 1...8192)
        try VisionError.check("patch_size", patchSize, in: 1...64)
        try VisionError.check("norm_groups", normGroups, in: 1...1024)
        try VisionError.check("code_count", codeCount, in: 2...1 << 20)
        try VisionError.check("code_width", codeWidth, in: 1...4096)
        try check("encoder", encoder)
        try check("decoder", decoder)
        try VisionError.require(
            encoder.count == decoder.count,
            "decoder",
            "\(decoder.count) stages do not match the encoder's \(encoder.count)"
        )
        try VisionError.require(
            imageSize % downsampling == 0,
            "image_size",
            "\(imageSize) is not a multiple of \(downsampling), the pixels per code: the patch size, "
                + "doubled at each stage but the first"
        )
    }

    private func check(_ field: String, _ stages: [Stage]) throws(VisionError) {
        try VisionError.require(
            (1...8).contains(stages.count),
            field,
            "has \(stages.count) stages; 1 to 8 are possible"
        )
        for (index, stage) in stages.enumerated() {
            let path = "\(field)[\(index)]"
            try VisionError.check("\(path).channels", stage.channels, in: 1...8192)
            try VisionError.check("\(path).blocks", stage.blocks, in: 0...64)
            try VisionError.require(
                stage.channels % normGroups == 0,
                "\(path).channels",
                "\(stage.channels) is not a multiple of norm_groups, \(normGroups)"
            )
        }
    }
}
