internal import CTorch

// B batch, T positions, S positions of keys, D width, H heads, K heads of keys, W head width,
// V vocabulary.

/// Which keys a query may attend to.
package enum AttentionMask {
    /// Position t sees the positions up to t; queries and keys are equally many.
    case causal
    /// Every query sees every key.
    case full
    /// True where a query may attend, broadcast to [B, H, T, S].
    case explicit(Tensor)
}

extension Tensor {
    /// x [..., in] times the transpose of `weight` [out, in], plus `bias` [out].
    package func linear(_ weight: Tensor, bias: Tensor? = nil) -> Tensor {
        Tensor.make { torch.linear(handle, weight.handle, bias?.handle, $0) }
    }

    /// The rows of a table [V, D] that `self` (int64, any shape) names: [..., D].
    package func embedded(by table: Tensor) -> Tensor {
        Tensor.make { torch.embedding(table.handle, handle, $0) }
    }

    /// x / rms(x) · gain over the last dimension, the mean square taken over each of `groups` equal
    /// parts of it (Zhang and Sennrich, 2019).
    package func rmsNorm(gain: Tensor?, groups: Int = 1, epsilon: Double) -> Tensor {
        Tensor.make { torch.rms_norm(handle, gain?.handle, Int64(groups), epsilon, $0) }
    }

    /// (x − mean) / √(variance + epsilon) · gain + shift over the last dimension, mean and variance
    /// taken over each of `groups` equal parts of it (Ba et al., 2016).
    package func layerNorm(
        gain: Tensor?,
        shift: Tensor?,
        groups: Int = 1,
        epsilon: Double
    ) -> Tensor {
        Tensor.make {
            torch.layer_norm(handle, gain?.handle, shift?.handle, Int64(groups), epsilon, $0)
        }
    }

    /// Rotates the pairs (i, i + W/2) of x [B, T, H, W] by the angles of the tables [T, W/2]
    /// (Su et al., 2021).
    package func rotated(cosines: Tensor, sines: Tensor) -> Tensor {
        Tensor.make { torch.rotary(handle, cosines.handle, sines.handle, $0) }
    }

    /// silu(self) · up, elementwise (Shazeer, 2020).
    package func swiGLU(_ up: Tensor) -> Tensor {
        Tensor.make { torch.swiglu(handle, up.handle, $0) }
    }

    /// softmax(q kᵀ / √W) v of q [B, H, T, W] with k and v [B, K, S, W], where K divides H.
    package static func attention(
        _ q: Tensor,
        _ k: Tensor,
        _ v: Tensor,
        mask: AttentionMask
    ) -> Tensor {
        make { out in
            switch mask {
            case .causal: torch.attention(q.handle, k.handle, v.handle, nil, true, out)
            case .full: torch.attention(q.handle, k.handle, v.handle, nil, false, out)
            case .explicit(let mask):
                torch.attention(q.handle, k.handle, v.handle, mask.handle, false, out)
            }
        }
    }

    /// The cross-entropy of hidden states [N, D] whose logits are `self` · `weight`ᵀ [N, V].
    ///
    /// - Returns: `loss`, Σ weights[i] · losses[i] with gradient, and the `losses` [N] without. The
    ///   logits exist only in small chunks.
    package func linearCrossEntropy(
        _ weight: Tensor,
        targets: Tensor,
        weights: Tensor
    ) -> (loss: Tensor, losses: Tensor) {
        Tensor.makePair {
            torch.linear_cross_entropy(
                handle,
                weight.handle,
                targets.handle,
                weights.handle,
                $0,
                $1
            )
        }
    }

    /// The convolution of x [B, C, height, width] with a kernel [out, C, h, w].
    package func convolved(_ kernel: Tensor, bias: Tensor?, stride: Int, padding: Int) -> Tensor {
        Tensor.make {
            torch.conv2d(handle, kernel.handle, bias?.handle, Int64(stride), Int64(padding), $0)
        }
    }

    /// Each pixel of x [B, C, height, width] repeated `factor` times both ways.
    package func upsampled(by factor: Int) -> Tensor {
        Tensor.make { torch.upsample_nearest2d(handle, Int64(factor), $0) }
    }

    /// x [B, C, …] normalized over each of `groups` parts of C, times gain [C], plus shift [C]
    /// (Wu and He, 2018).
    package func groupNorm(groups: Int, gain: Tensor, shift: Tensor, epsilon: Double) -> Tensor {
        Tensor.make {
            torch.group_norm(handle, Int64(groups), gain.handle, shift.handle, epsilon, $0)
        }
    }
}
