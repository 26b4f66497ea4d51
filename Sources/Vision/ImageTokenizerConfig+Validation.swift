extension ImageTokenizerConfig {
    /// Throws the first size that is impossible or does not fit the others.
    public func validate() throws(VisionError) {
        try check("image_size", imageSize, 1...8192)
        try check("patch_size", patchSize, 1...64)
        try check("norm_groups", normGroups, 1...1024)
        try check("code_count", codeCount, 2...1 << 20)
        try check("code_width", codeWidth, 1...4096)
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

    private func check(_ field: String, _ value: Int, _ range: ClosedRange<Int>)
        throws(VisionError)
    {
        guard range.contains(value) else {
            throw .configuration(
                field: field,
                problem: "\(value) is not in \(range.lowerBound)...\(range.upperBound)"
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
            try check("\(path).channels", stage.channels, 1...8192)
            try check("\(path).blocks", stage.blocks, 0...64)
            guard stage.channels % normGroups == 0 else {
                throw .configuration(
                    field: "\(path).channels",
                    problem: "\(stage.channels) is not a multiple of norm_groups, \(normGroups)"
                )
            }
        }
    }
}
