public import Tensors

extension Tensor {
    /// Classifier-free guidance: u + α (c − u) of these conditional logits c and logits u of the
    /// same without its texts (CM3Leon, section 2.3).
    public func guided(from unconditional: Tensor, scale: Double) -> Tensor {
        unconditional + (self - unconditional) * scale
    }
}
