internal import Basics
internal import Documents
internal import Tensors

extension Tensor {
    /// Images of one size as pixels [B, H, W, 3] from -1 (black) to 1.
    static func pixels(of images: [Image]) -> Tensor {
        guard let first = images.first else { preconditionFailure("a batch needs an image") }
        precondition(
            images.allSatisfy { $0.width == first.width && $0.height == first.height },
            "the images of a batch must have one size"
        )
        let bytes = images.flatMap(\.pixels)
        return bytes.withUnsafeBytes {
            Tensor(bytes: $0, [images.count, first.height, first.width, 3], .uint8)
        }
        .to(.float32) / 127.5 - 1
    }

    /// Pixels [B, H, W, 3] as images, clamped to -1...1.
    func images() throws -> [Image] {
        let (height, width) = (size(1), size(2))
        // The conversion to integers truncates, so adding 0.5 rounds.
        let bytes = try ((clamped(to: -1...1) + 1) * 127.5 + 0.5).to(.uint8).bytes()
        let count = height * width * 3
        return stride(from: 0, to: bytes.count, by: count).map {
            Image(width: width, height: height, pixels: Array(bytes[$0..<$0 + count]))
        }
    }
}
