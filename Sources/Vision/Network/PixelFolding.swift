internal import Tensors

extension Tensor {
    /// Space to depth: pixels [B, H, W, C] → [B, size · size · C, H / size, W / size], the pixels of a
    /// square in row-major order.
    ///
    /// The memory format is channels-last, which convolutions keep and which is fastest on a CPU.
    func foldingPixels(_ size: Int) -> Tensor {
        let (batch, height, width, channels) = (
            self.size(0), self.size(1), self.size(2), self.size(3)
        )
        return reshaped([batch, height / size, size, width / size, size, channels])
            .permuted([0, 1, 3, 2, 4, 5])
            .reshaped([batch, height / size, width / size, size * size * channels])
            .permuted([0, 3, 1, 2])
    }

    /// The inverse of ``foldingPixels(_:)``.
    func unfoldingPixels(_ size: Int) -> Tensor {
        let (batch, height, width) = (self.size(0), self.size(2), self.size(3))
        let channels = self.size(1) / (size * size)
        return permuted([0, 2, 3, 1])
            .reshaped([batch, height, width, size, size, channels])
            .permuted([0, 1, 3, 2, 4, 5])
            .reshaped([batch, height * size, width * size, channels])
    }
}
