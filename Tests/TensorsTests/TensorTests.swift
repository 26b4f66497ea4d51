import Basics
import Tensors
import Testing

@Suite(.serialized) struct TensorTests {
    /// Prevents failures of the engine that crash the program or are ignored.
    @Test("Failures are thrown by the scope") func failuresAreThrownByTheScope() throws {
        let error = #expect(throws: TorchError.self) {
            try withTorchErrors {
                let product = Tensor.zeros([2, 3]).matmul(Tensor.zeros([4, 5]))
                // Later operations use a placeholder; only the first failure is reported.
                _ = product.reshaped([77])
                #expect(product.size(1) == 1)
            }
        }
        #expect(error?.description.contains("matmul") == true)
        #expect(error?.kind == .internalFailure)
    }

    /// Prevents C functions that leak tensors or release them twice.
    @Test("Every tensor is given back") func everyTensorIsGivenBack() throws {
        let before = Tensor.liveCount
        for _ in 0..<2000 {
            try withTorchErrors {
                let x = Tensor.full([4, 6], 0.5)
                x.requiresGradient = true
                let (loss, _) = x.linearCrossEntropy(
                    Tensor.full([9, 6], 0.1),
                    targets: Tensor([1, 2, 3, 4], [4]),
                    weights: Tensor.full([4], 1)
                )
                loss.backward()
                _ = try x.gradient?.sum().item()
                _ = x.top(2, 1)
            }
        }
        // Other suites create and release tensors at the same time; a leak adds at least one per round.
        #expect(abs(Tensor.liveCount - before) < 1000)
    }

    @Test("Elements survive a round trip") func elementsSurviveARoundTrip() throws {
        try withTorchErrors { () throws in
            let floats: [Float] = [1, -2.5, 3e-5, .infinity]
            #expect(try Tensor(floats, [2, 2]).floats() == floats)
            #expect(try Tensor([7, -9], [2]).integers() == [7, -9])
            #expect(try Tensor([1.0 as Float, 2, 3], [3]).to(.bfloat16).bytes().count == 6)
        }
    }

    @Test("A wrong target is refused") func aWrongTargetIsRefused() {
        #expect(throws: TorchError.self) {
            try withTorchErrors {
                _ = Tensor.zeros([1, 2]).linearCrossEntropy(
                    Tensor.zeros([3, 2]),
                    targets: Tensor([3], [1]),
                    weights: Tensor.full([1], 1)
                )
            }
        }
    }

    /// Prevents rows of weight zero, or chunk boundaries, from changing the loss or its gradient.
    @Test("Chunked cross entropy equals the composed one")
    func chunkedCrossEntropyEqualsTheComposedOne() throws {
        try withTorchErrors { () throws in
            let random = RandomSource(seed: 1)
            let (rows, width, vocabulary) = (1100, 8, 33)
            let hidden = random.normal([rows, width])
            let weight = random.normal([vocabulary, width])
            let targets = Tensor((0..<rows).map { $0 * 31 % vocabulary }, [rows])
            let factors = random.uniform([rows]) * Tensor((0..<rows).map { Float($0 % 3) }, [rows])
            func gradients(_ loss: () -> Tensor) throws -> (Double, Tensor?, Tensor?) {
                for leaf in [hidden, weight] {
                    leaf.clearGradient()
                    leaf.requiresGradient = true
                }
                let value = loss()
                value.backward()
                return try (value.item(), hidden.gradient, weight.gradient)
            }
            let fused = try gradients {
                hidden.linearCrossEntropy(weight, targets: targets, weights: factors).loss
            }
            let composed = try gradients {
                let logs = hidden.linear(weight).logSoftmax(1)
                let places = (0..<rows).map { $0 * vocabulary + $0 * 31 % vocabulary }
                let chosen = logs.reshaped([-1]).selected(0, Tensor(places, [rows]))
                return -(chosen * factors).sum()
            }
            #expect(abs(fused.0 - composed.0) < 1e-3 * abs(composed.0))
            for (a, b) in [(fused.1, composed.1), (fused.2, composed.2)] {
                let (a, b) = (try #require(a), try #require(b))
                #expect(try distance(a, b) < 1e-3)
            }
        }
    }

    /// Prevents a norm over groups that is the norm over the full width, forward or backward.
    @Test("Grouped RMS norm equals the composed one", arguments: [1, 2])
    func groupedRMSNormEqualsTheComposedOne(groups: Int) throws {
        try withTorchErrors { () throws in
            let random = RandomSource(seed: 2)
            let x = random.normal([5, 7, 12])
            let weight = random.uniform([12], in: 0.5...1.5)
            func gradients(_ norm: () -> Tensor) -> (Tensor, Tensor?, Tensor?) {
                for leaf in [x, weight] {
                    leaf.clearGradient()
                    leaf.requiresGradient = true
                }
                let y = norm()
                (y * y * y).sum().backward()
                return (y.detached(), x.gradient, weight.gradient)
            }
            let fused = gradients { x.rmsNorm(weight: weight, groups: groups, epsilon: 1e-5) }
            let composed = gradients {
                let parts = x.reshaped([5, 7, groups, 12 / groups])
                let scale = ((parts * parts).mean([3], keeping: true) + 1e-5).power(-0.5)
                return (parts * scale).reshaped([5, 7, 12]) * weight
            }
            for (a, b) in [
                (fused.0, composed.0), (fused.1, composed.1), (fused.2, composed.2),
            ] as [(Tensor?, Tensor?)] {
                let (a, b) = (try #require(a), try #require(b))
                #expect(try distance(a, b) < 1e-3)
            }
        }
    }

    /// Prevents a random stream that depends on anything but its seed.
    @Test("Seeds reproduce") func seedsReproduce() throws {
        try withTorchErrors { () throws in
            #expect(
                try RandomSource(seed: 9).normal([5]).floats()
                    == RandomSource(seed: 9).normal([5]).floats()
            )
            #expect(
                try RandomSource(seed: 9).normal([5]).floats()
                    != RandomSource(seed: 10).normal([5]).floats()
            )
        }
    }
}

/// The largest difference between two tensors.
private func distance(_ a: Tensor, _ b: Tensor) throws -> Double {
    try (a - b).magnitude().floats().map(Double.init).max() ?? 0
}
