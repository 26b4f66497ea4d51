public import Basics
internal import Checkpoints
public import Documents
public import Tensors

/// How pictures become the pixels that a CLIP sees: a middle square of its size, centred and scaled
/// channel by channel, as `preprocessor_config.json` says.
public struct CLIPPreprocessing: Sendable, Equatable {
    /// Pixels of the shorter side after resizing.
    public var shorterSide: Int
    /// Pixels on each side of the square that is cut out.
    public var side: Int
    /// What is taken away from red, green and blue, each from 0 to 1.
    public var mean: [Double]
    /// What they are divided by then.
    public var deviation: [Double]

    /// What the first CLIP models were trained with.
    public init(side: Int) {
        shorterSide = side
        self.side = side
        mean = [0.48145466, 0.4578275, 0.40821073]
        deviation = [0.26862954, 0.26130258, 0.27577711]
    }

    /// Pictures as pixels [B, side, side, 3].
    public func callAsFunction(_ pictures: [Picture]) -> Tensor {
        let cut = pictures.map(square)
        let pixels = (Tensor.pixels(of: cut) + 1) / 2  // 0 to 1
        let mean = Tensor(self.mean.map { Float($0) }, [3])
        let deviation = Tensor(self.deviation.map { Float($0) }, [3])
        return (pixels - mean) / deviation
    }

    /// The middle square, after the shorter side is resized.
    private func square(_ picture: Picture) -> Picture {
        let (width, height) = (picture.width, picture.height)
        let shorter = min(width, height)
        let resized = picture.resized(
            width: width * shorterSide / shorter,
            height: height * shorterSide / shorter
        )
        return resized.cropped(
            x: (resized.width - side) / 2,
            y: (resized.height - side) / 2,
            width: side,
            height: side
        )
    }
}

extension CLIPPreprocessing {
    /// Reads the members of a `preprocessor_config.json`; what it does not state is usual.
    ///
    /// - Throws: `JSONFieldError` for sizes that do not fit `side`, which the network sees.
    public init(_ reader: JSONReader, side: Int) throws(JSONFieldError) {
        self.init(side: side)
        shorterSide = try Self.size(reader, "size", "shortest_edge", default: side)
        guard try Self.size(reader, "crop_size", "height", default: side) == side else {
            throw reader.failure("crop_size", "the network sees \(side) × \(side) pixels")
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

    /// A size that is a number or an object of sizes.
    private static func size(
        _ reader: JSONReader,
        _ key: String,
        _ member: String,
        default fallback: Int
    ) throws(JSONFieldError) -> Int {
        guard reader.has(key) else { return fallback }
        if let size = try? reader.integer(key, atLeast: 1, atMost: 8192) { return size }
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
            default: break
            }
        }
        guard numbers.count == 3 else { throw reader.failure(key, "three numbers are expected") }
        return numbers
    }
}
