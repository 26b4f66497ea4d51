package import Basics

extension ConvVQConfig {
    static let modelType = "jam_image_tokenizer"

    /// Reads a `config.json`; no member may be missing or unknown.
    package init(_ reader: JSONReader) throws(JSONFieldError) {
        try reader.check(modelType: Self.modelType)
        self.init(
            imageSize: try reader.integer("image_size"),
            patchSize: try reader.integer("patch_size"),
            encoder: try reader.objects("encoder").map(Stage.init),
            decoder: try reader.objects("decoder").map(Stage.init),
            normGroups: try reader.integer("norm_groups"),
            codeCount: try reader.integer("code_count"),
            codeWidth: try reader.integer("code_width")
        )
        try reader.finish()
        try reader.check(validate)
    }

    package var json: JSON {
        [
            "model_type": .string(Self.modelType),
            "image_size": .integer(imageSize),
            "patch_size": .integer(patchSize),
            "encoder": .array(encoder.map(\.json)),
            "decoder": .array(decoder.map(\.json)),
            "norm_groups": .integer(normGroups),
            "code_count": .integer(codeCount),
            "code_width": .integer(codeWidth),
        ]
    }
}

extension ConvVQConfig.Stage {
    init(_ reader: JSONReader) throws(JSONFieldError) {
        self.init(
            channels: try reader.integer("channels"),
            blocks: try reader.integer("blocks")
        )
    }

    var json: JSON { ["channels": .integer(channels), "blocks": .integer(blocks)] }
}
