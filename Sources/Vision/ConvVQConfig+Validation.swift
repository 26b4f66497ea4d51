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
        guard encoder.count == decoder.count else {
            throw .configuration(
                field: "decoder",
                problem: "\(decoder.count) stages do not match the encoder's \(encoder.count)"
            )
        }
        guard imageSize % downsampling == 0 else {
            throw .configuration(
                field: "image_size",
                problem: "\(imageSize) is not a multiple of \(downsampling), the pixels of a code: "
                    + "the patch size, doubled at each stage but the first"
            )
        }
    }

    private func check(_ field: String, _ stages: [Stage]) throws(VisionError) {
        guard (1...8).contains(stages.count) else {
            throw .configuration(
                field: field,
                problem: "\(stages.count) stages were found; 1 to 8 are possible"
            )
        }
        for (index, stage) in stages.enumerated() {
            let path = "\(field)[\(index)]"
            try VisionError.check("\(path).channels", stage.channels, in: 1...8192)
            try VisionError.check("\(path).blocks", stage.blocks, in: 0...64)
            guard stage.channels % normGroups == 0 else {
                throw .configuration(
                    field: "\(path).channels",
                    problem: "\(stage.channels) is not a multiple of norm_groups, \(normGroups)"
                )
            }
        }
    }
}
