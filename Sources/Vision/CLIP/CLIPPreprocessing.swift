package import Basics
package import Checkpoints
package import Documents
package import Tensors

/// How images become the pixels that a CLIP sees: a middle square of its size, centred and scaled
/// channel by channel, as `preprocessor_config.json` says.
package struct CLIPPreprocessing: Sendable, Equatable {
    /// Pixels of the shorter side after resizing.
    package var shorterSide: Int
    /// Pixels on each side of the square that is cut out.
    package var side: Int
    /// What is taken away from red, green and blue, each from 0 to 1.
    package var mean: [Double]
    /// What they are divided by then.
    package var deviation: [Double]

    /// What the first CLIP models were trained with.
    package init(side: Int) {
        shorterSide = side
        self.side = side
        mean = [0.48145466, 0.4578275, 0.40821073]
        deviation = [0.26862954, 0.26130258, 0.27577711]
    }

    /// Images as pixels [B, side, side, 3].
    package func callAsFunction(_ images: [Image]) -> Tensor {
        self(cut: images.map(cut))
    }

    /// Images that are cut already as pixels [B, side, side, 3].
    package func callAsFunction(cut images: [Image]) -> Tensor {
        scaled(Tensor.pixels(of: images))
    }

    /// Pixels [B, H, W, 3] from -1 to 1, centred and scaled channel by channel.
    package func scaled(_ pixels: Tensor) -> Tensor {
        let mean = Tensor(self.mean.map { Float($0) }, [3])
        let deviation = Tensor(self.deviation.map { Float($0) }, [3])
        return ((pixels + 1) / 2 - mean) / deviation
    }

    /// The middle square, after the shorter side is resized.
    package func cut(_ image: Image) -> Image {
        let (width, height) = (image.width, image.height)
        let shorter = min(width, height)
        let (newWidth, newHeight) = (width * shorterSide / shorter, height * shorterSide / shorter)
        let (x, y) = ((newWidth - side) / 2, (newHeight - side) / 2)
        // Not all of a long and narrow image, which could be far larger than the original.
        return image.resized(
            width: newWidth,
            height: newHeight,
            columns: x..<x + side,
            rows: y..<y + side
        )
    }
}

extension CLIPPreprocessing {
    /// The file that states it in a folder.
    static let fileName = "preprocessor_config.json"

    /// The members of that file as `transformers` reads them.
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
            "image_std": .array(deviation.map(JSON.number)),
        ]
    }

    /// Reads `preprocessor_config.json` of a folder, or what `processor_config.json` says in its place
    /// since version 5 of transformers.
    ///
    /// - Throws: `FileError` if neither is there, `JSONFieldError` for what does not fit `side`.
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

    /// Reads the members of a `preprocessor_config.json`; what it does not state is usual.
    ///
    /// - Throws: `JSONFieldError` for sizes that do not fit `side`, which the network sees, and for
    ///   other steps than those of CLIP.
    package init(_ reader: JSONReader, side: Int) throws(JSONFieldError) {
        self.init(side: side)
        try Self.checkSteps(reader)
        shorterSide = try Self.size(reader, "size", "shortest_edge", default: side)
        for length in ["height", "width"] {
            guard try Self.size(reader, "crop_size", length, default: side) == side else {
                throw reader.failure("crop_size", "the network sees \(side) × \(side) pixels")
            }
        }
        guard shorterSide >= side else {
            throw reader.failure("size", "\(shorterSide) pixels are less than the \(side) cut out")
        }
        mean = try Self.channels(reader, "image_mean", default: mean)
        deviation = try Self.channels(reader, "image_std", default: deviation)
        guard deviation.allSatisfy({ $0 > 0 }) else {
            throw reader.failure("image_std", "numbers above 0 are expected")
        }
    }

    /// Refuses steps that are left out or done in another way.
    private static func checkSteps(_ reader: JSONReader) throws(JSONFieldError) {
        for step in ["do_resize", "do_center_crop", "do_rescale", "do_normalize"] {
            guard try reader.bool(step, default: true) else {
                throw reader.failure(step, "false is not supported; supported is true")
            }
        }
        guard try reader.integer("resample", default: 3) == 3 else {
            throw reader.failure("resample", "only 3, bicubic, is supported")
        }
        guard abs(try reader.number("rescale_factor", default: 1 / 255) * 255 - 1) < 1e-6 else {
            throw reader.failure("rescale_factor", "only 1/255 is supported")
        }
    }

    /// A size that is a number or an object of sizes.
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
