internal import CTorch

// B batch, T positions, S key positions, D hidden size, H heads, K key/value heads, W head size,
// V vocabulary.

/// Which keys a query may attend to.
package enum AttentionMask {
    /// Position t attends to the positions up to t; T = S.
    case causal
    case full
    /// True where a query may attend, broadcast to [B, H, T, S].
    case explicit(Tensor)

    fileprivate var isCausal: Bool { if case .causal = self { true } else { false } }

    fileprivate var matrix: Tensor? { if case .explicit(let mask) = self { mask } else { nil } }
}

extension Tensor {
    /// x [..., in] · `weight`ᵀ [in, out] + `bias` [out].
    package func linear(_ weight: Tensor, bias: Tensor? = nil) -> Tensor {
        Tensor.make { torch.linear(handle, weight.handle, bias?.handle, $0) }
    }

    /// The outputs of several weights, in one go where they are packed.
    package func linears(_ layers: [(weight: Tensor, bias: Tensor?)]) -> [Tensor] {
        var outputs = [CTTensor?](repeating: nil, count: layers.count)
        let weights: [CTTensor?] = layers.map(\.weight.handle)
        let biases: [CTTensor?] = layers.map { $0.bias?.handle }
        let status = torch.linears(handle, weights, biases, layers.count, &outputs)
        TorchErrorScope.require(status)
        return outputs.map { $0.map { Tensor(owning: $0) } ?? Tensor.placeholder() }
    }

    /// The rows of `table` [V, D] at the indices `self` (int64, any shape): [..., D].
    package func embedded(by table: Tensor) -> Tensor {
        Tensor.make { torch.embedding(table.handle, handle, $0) }
    }

    /// RMS norm x / rms(x) · weight of each of `groups` equal parts of the last dimension (Zhang and
    /// Sennrich, 2019).
    package func rmsNorm(weight: Tensor?, groups: Int = 1, epsilon: Double) -> Tensor {
        Tensor.make { torch.rms_norm(handle, weight?.handle, Int64(groups), epsilon, $0) }
    }

    /// Layer norm (x − mean) / √(variance + epsilon) · weight + bias of each of `groups` equal parts
    /// of the last dimension (Ba et al., 2016).
    package func layerNorm(
        weight: Tensor?,
        bias: Tensor?,
        groups: Int = 1,
        epsilon: Double
    ) -> Tensor {
        Tensor.make {
            torch.layer_norm(handle, weight?.handle, bias?.handle, Int64(groups), epsilon, $0)
        }
    }

    /// Cosines and sines [T or B · T, P] of the angles by which the pairs (i, i + P) of the heads of tokens
    /// are rotated (Su et al., 2021).
    package struct Rotation {
        package let cosines: Tensor
        package let sines: Tensor

        package init(cosines: Tensor, sines: Tensor) {
            self.cosines = cosines
            self.sines = sines
        }
    }

    /// Rotates the first 2P elements of the heads of x [B, T, H, W].
    package func rotated(by rotation: Rotation) -> Tensor {
        Tensor.make {
            torch.rotary(handle, rotation.cosines.handle, rotation.sines.handle, $0)
        }
    }

    /// silu(self) · up, elementwise (Shazeer, 2020).
    package func swiGLU(_ up: Tensor) -> Tensor {
        Tensor.make { torch.swiglu(handle, up.handle, $0) }
    }

    /// softmax(q kᵀ / √W) v for q [B, H, T, W], k and v [B, K, S, W]; K divides H.
    package static func attention(
        _ q: Tensor,
        _ k: Tensor,
        _ v: Tensor,
        mask: AttentionMask
    ) -> Tensor {
        make {
            torch.attention(
                q.handle,
                k.handle,
                v.handle,
                mask.matrix?.handle,
                mask.isCausal,
                $0
            )
        }
    }

    /// Overwrites positions of the cached keys and values [K, C, W] of each row with `keys` [B, T, K · W],
    /// rotated, and `values`, those of row b from `starts[b]` on, without gradient.
    package static func remember(
        keys: Tensor,
        values: Tensor,
        rotation: Rotation?,
        in cached: [(keys: Tensor, values: Tensor)],
        startingAt starts: [Int]
    ) {
        precondition(cached.count == starts.count, "each row has a start")
        let (cachedKeys, cachedValues) = handles(cached)
        let status = starts.withSizes {
            torch.remember(
                keys.handle,
                values.handle,
                rotation?.cosines.handle,
                rotation?.sines.handle,
                cachedKeys,
                cachedValues,
                $0,
                $1
            )
        }
        withExtendedLifetime(cached) { TorchErrorScope.require(status) }
    }

    /// The attention of the queries `self` [B, T, H · W], rotated, to the cached keys and values [K, C, W] of
    /// their rows, of which the longest has so many `positions` → [B, T, H · W].
    ///
    /// Without gradients the result of a query has the same bits whichever others are computed with it.
    package func attended(
        to cached: [(keys: Tensor, values: Tensor)],
        positions: Int,
        rotation: Rotation?,
        mask: AttentionMask
    ) -> Tensor {
        let (cachedKeys, cachedValues) = Tensor.handles(cached)
        return withExtendedLifetime(cached) {
            Tensor.make {
                torch.attend(
                    handle,
                    rotation?.cosines.handle,
                    rotation?.sines.handle,
                    cachedKeys,
                    cachedValues,
                    cached.count,
                    Int64(positions),
                    mask.matrix?.handle,
                    mask.isCausal,
                    $0
                )
            }
        }
    }

    private static func handles(
        _ cached: [(keys: Tensor, values: Tensor)]
    ) -> (keys: [CTTensor?], values: [CTTensor?]) {
        (cached.map(\.keys.handle), cached.map(\.values.handle))
    }

    /// The cross-entropy of the logits `self` · `weight`ᵀ [N, V] of hidden states `self` [N, D].
    ///
    /// The logits exist only in small chunks.
    /// - Returns: `loss`, Σ weights[i] · losses[i], with gradient, and the `losses` [N] without.
    package func linearCrossEntropy(
        _ weight: Tensor,
        targets: Tensor,
        weights: Tensor
    ) -> (loss: Tensor, losses: Tensor) {
        Tensor.headCrossEntropy(
            [HeadBlock(hiddenStates: self, weight: weight, firstRow: 0)],
            vocabularySize: weight.size(0),
            targets: targets,
            weights: weights
        )
    }

    /// A part of an output projection: the logits of the tokens from `firstRow` on.
    package struct HeadBlock {
        let hiddenStates: Tensor  // [N, D]
        let weight: Tensor  // [V, D]
        let firstRow: Int

        /// A block that reads `hiddenStates` [N, D] with `weight` [rows, D].
        package init(hiddenStates: Tensor, weight: Tensor, firstRow: Int) {
            self.hiddenStates = hiddenStates
            self.weight = weight
            self.firstRow = firstRow
        }
    }

    /// The cross-entropy of the logits [N, V] that the blocks sum up to.
    ///
    /// The logits exist only in small chunks.
    /// - Returns: `loss`, Σ weights[i] · losses[i], with gradient, and the `losses` [N] without.
    package static func headCrossEntropy(
        _ blocks: [HeadBlock],
        vocabularySize: Int,
        targets: Tensor,
        weights: Tensor
    ) -> (loss: Tensor, losses: Tensor) {
        let hiddenStates: [CTTensor?] = blocks.map(\.hiddenStates.handle)
        let matrices: [CTTensor?] = blocks.map(\.weight.handle)
        return withExtendedLifetime(blocks) {
            makePair {
                torch.head_cross_entropy(
                    hiddenStates,
                    matrices,
                    blocks.map { Int64($0.firstRow) },
                    blocks.count,
                    Int64(vocabularySize),
                    targets.handle,
                    weights.handle,
                    $0,
                    $1
                )
            }
        }
    }

    /// The 2D convolution of x [B, C, height, width] with `kernel` [out, C, h, w].
    package func convolved(_ kernel: Tensor, bias: Tensor?, stride: Int, padding: Int) -> Tensor {
        Tensor.make {
            torch.conv2d(handle, kernel.handle, bias?.handle, Int64(stride), Int64(padding), $0)
        }
    }

    /// Nearest-neighbor upsampling of x [B, C, height, width].
    package func upsampled(by factor: Int) -> Tensor {
        Tensor.make { torch.upsample_nearest2d(handle, Int64(factor), $0) }
    }

    /// Group norm of x [B, C, …], with weight and bias [C] (Wu and He, 2018).
    package func groupNorm(groups: Int, weight: Tensor, bias: Tensor, epsilon: Double) -> Tensor {
        Tensor.make {
            torch.group_norm(handle, Int64(groups), weight.handle, bias.handle, epsilon, $0)
        }
    }
}
