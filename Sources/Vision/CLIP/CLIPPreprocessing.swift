package import Basics
package import Checkpoints
package import Documents
package import Tensors

/// CLIP's image preprocessing, as `preprocessor_config.json` describes it: resize, center crop, and
/// normalize each channel.
package struct CLIPPreprocessing: Sendable, Equatable {
    /// The length of the shorter side after resizing.
    var shorterSide: Int
    /// The side length of the crop.
    var side: Int
    /// Of red, green and blue in 0...1.
    var mean: [Double]
    var std: [Double]

    /// The values of the original CLIP.
    package init(side: Int) {
        shorterSide = side
        self.side = side
        mean = [0.48145466, 0.4578275, 0.40821073]
        std = [0.26862954, 0.26130258, 0.27577711]
    }

    /// Images as pixels [B, side, side, 3].
    package func callAsFunction(_ images: [Image]) -> Tensor {
        self(cropped: images.map(crop))
    }

    /// Cropped images as pixels [B, side, side, 3].
    package func callAsFunction(cropped images: [Image]) -> Tensor {
        normalized(Tensor.pixels(of: images))
    }

    /// Normalizes the channels of pixels [B, H, W, 3] in -1...1.
    package func normalized(_ pixels: Tensor) -> Tensor {
        let mean = Tensor(self.mean.map { Float($0) }, [3])
        let std = Tensor(self.std.map { Float($0) }, [3])
        return ((pixels + 1) / 2 - mean) / std
    }

    /// Resizes the shorter side and crops the central square.
    package func crop(_ image: Image) -> Image {
        let (width, height) = (image.width, image.height)
        let shorter = min(width, height)
        let (newWidth, newHeight) = (width * shorterSide / shorter, height * shorterSide / shorter)
        let (x, y) = ((newWidth - side) / 2, (newHeight - side) / 2)
        // Only the crop is resized: a long and narrow image would become far larger than it was.
        return image.resized(
            width: newWidth,
            height: newHeight,
            columns: x..<x + side,
            rows: y..<y + side
        )
    }
}

extension CLIPPreprocessing {
    static let fileName = "preprocessor_config.json"

    /// A `preprocessor_config.json` for `transformers`.
    var json: JSON {
        [
            "image_processor_type": "CLIPImageProcessor",
            "do_convert_rgb": true,
            "do_resize": true,
            "size": ["shortest_edge": .integer(shorterSide)],
            "resample": 3,
            "do_center_crop": true,
            "crop_size": ["height": .integer(side), "width": .integer(side)],
            "do_rescale": true,
            "rescale_factor": .number(1 / 255),
            "do_normalize": true,
            "image_mean": .array(mean.map(JSON.number)),
            "image_std": .array(std.map(JSON.number)),
        ]
    }

    /// Reads `preprocessor_config.json` of a folder, or `processor_config.json`, which replaces it in
    /// transformers 5.
    package init(of folder: CheckpointFolder, side: Int) throws {
        let (own, shared) = (Self.fileName, "processor_config.json")
        func reader(_ name: String) throws -> JSONReader? {
            try folder.json(name).map { try JSONReader($0, source: folder.path + "/" + name) }
        }
        if let reader = try reader(own) {
            try self.init(reader, side: side)
        } else if let reader = try reader(shared) {
            try self.init(reader.nested("image_processor"), side: side)
        } else {
            throw FileError.missing(path: folder.path + "/" + own)
        }
    }

    /// Reads a `preprocessor_config.json`; refuses other steps than CLIP's and another crop than `side`.
    package init(_ reader: JSONReader, side: Int) throws(JSONFieldError) {
        self.init(side: side)
        try Self.checkSteps(reader)
        shorterSide = try Self.size(reader, "size", "shortest_edge", default: side)
        for length in ["height", "width"] {
            guard try Self.size(reader, "crop_size", length, default: side) == side else {
                throw reader.failure("crop_size", "the model needs \(side) × \(side) pixels")
            }
        }
        guard shorterSide >= side else {
            throw reader.failure("size", "\(shorterSide) is smaller than the crop, \(side)")
        }
        mean = try Self.channels(reader, "image_mean", default: mean)
        std = try Self.channels(reader, "image_std", default: std)
        guard std.allSatisfy({ $0 > 0 }) else {
            throw reader.failure("image_std", "numbers above 0 are expected")
        }
    }

    private static func checkSteps(_ reader: JSONReader) throws(JSONFieldError) {
        for step in ["do_resize", "do_center_crop", "do_rescale", "do_normalize"] {
            guard try reader.bool(step, default: true) else {
                throw reader.failure(step, "false is not supported; true is")
            }
        }
        guard try reader.integer("resample", default: 3) == 3 else {
            throw reader.failure("resample", "only 3, bicubic, is supported")
        }
        guard abs(try reader.number("rescale_factor", default: 1 / 255) * 255 - 1) < 1e-6 else {
            throw reader.failure("rescale_factor", "only 1/255 is supported")
        }
    }

    /// Reads a size that is a number or an object with `member`.
    private static func size(
        _ reader: JSONReader,
        _ key: String,
        _ member: String,
        default fallback: Int
    ) throws(JSONFieldError) -> Int {
        guard reader.has(key) else { return fallback }
        guard case .object? = reader.object[key] else {
            return try reader.integer(key, atLeast: 1, atMost: 8192)
        }
        return try reader.nested(key).integer(member, atLeast: 1, atMost: 8192)
    }

    private static func channels(
        _ reader: JSONReader,
        _ key: String,
        default fallback: [Double]
    ) throws(JSONFieldError) -> [Double] {
        guard reader.has(key) else { return fallback }
        var numbers: [Double] = []
        for element in try reader.array(key) {
            switch element {
            case .number(let number): numbers.append(number)
            case .integer(let integer): numbers.append(Double(integer))
            default: throw reader.failure(key, "three numbers are expected")
            }
        }
        guard numbers.count == 3 else { throw reader.failure(key, "three numbers are expected") }
        return numbers
    }
}
