package import Basics

extension ConvVQConfig {
    /// The `model_type` of the folders.
    package static let modelType = "jam_image_tokenizer"

    /// Reads the members of a `config.json`; none may be missing or unknown.
    package init(_ reader: JSONReader) throws(JSONFieldError) {
        let modelType = try reader.string("model_type")
        guard modelType == Self.modelType else {
            throw reader.failure("model_type", "\"\(modelType)\" is not \"\(Self.modelType)\"")
        }
        self.init(
            unchecked: try reader.integer("image_size"),
            try reader.integer("patch_size"),
            try reader.objects("encoder").map(Stage.init),
            try reader.objects("decoder").map(Stage.init),
            try reader.integer("norm_groups"),
            try reader.integer("code_count"),
            try reader.integer("code_width")
        )
        try reader.finish()
        try reader.check(validate)
    }

    /// The members of a `config.json`.
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
