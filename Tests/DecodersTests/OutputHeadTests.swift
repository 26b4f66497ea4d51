import Decoders
import Foundation
import JamTesting
import Tensors
import Testing

/// A head of several blocks, beside one matrix that says the same.
@Suite struct OutputHeadTests {
    private let random = RandomSource(seed: 7)
    /// Text tokens 0–5 by columns 0–3 and again by columns 8–11, image tokens 6–10 by columns 0–7;
    /// of these 8–10 are codes.
    private func weights() -> [Tensor] {
        [
            random.normal([6, 4], std: 1), random.normal([6, 4], std: 1),
            random.normal([5, 8], std: 1),
        ]
    }

    private static func head(_ weights: [Tensor], codes: Range<Int>? = nil) -> OutputHead {
        OutputHead(
            [
                OutputHead.Block(rows: 0..<6, columns: 0..<4, weights[0]),
                OutputHead.Block(rows: 0..<6, columns: 8..<12, weights[1]),
                OutputHead.Block(rows: 6..<11, columns: 0..<8, weights[2]),
            ],
            vocabularySize: 11,
            separateCodes: codes
        )
    }

    /// The same logits by one matrix [11, 12].
    private static func matrix(_ weights: [Tensor]) -> Tensor {
        let text = Tensor.concatenated([weights[0], .zeros([6, 4]), weights[1]], along: 1)
        return .concatenated(
            [text, .concatenated([weights[2], .zeros([5, 4])], along: 1)],
            along: 0
        )
    }

    @Test("Logits are those of one matrix") func logitsAreThoseOfOneMatrix() throws {
        try withTorchErrors { () throws in
            try withoutGradients { () throws in
                let weights = weights()
                let hiddenStates = random.normal([2, 3, 12], std: 1)
                let expected = hiddenStates.linear(Self.matrix(weights))
                let head = Self.head(weights)
                #expect(try distance(head.logits(hiddenStates), expected) < 1e-5)
                for rows in [0..<11, 2..<5, 4..<9, 8..<11] {
                    let part = head.restricted(to: rows).logits(hiddenStates)
                    #expect(try distance(part, expected.narrowed(2, rows)) < 1e-5)
                }
                let codes = head.restricted(to: 5..<11).restricted(to: 3..<6)
                #expect(
                    try distance(codes.logits(hiddenStates), expected.narrowed(2, 8..<11)) < 1e-5
                )
            }
        }
    }

    /// Prevents a wrong gradient of any block, and a frozen block that costs or changes something.
    @Test("Cross-entropy and gradients are those of one matrix", arguments: [nil, 0, 2])
    func crossEntropyIsThatOfOneMatrix(frozen: Int?) throws {
        try withTorchErrors { () throws in
            let weights = weights()
            let hiddenStates = random.normal([5, 12], std: 1)
            let (targets, factors) = ([0, 9, 5, 7, 10], [1, 0.5, 2, 1, 0.25] as [Float])
            func gradients(_ loss: (Tensor, [Tensor]) -> (loss: Tensor, losses: Tensor)) throws
                -> ([Float], [[Float]?])
            {
                let inputs = ([hiddenStates] + weights).map { $0.detached() + 0 }
                for (index, input) in inputs.enumerated() where index - 1 != frozen {
                    input.requiresGradient = true
                }
                let (loss, losses) = loss(inputs[0], Array(inputs.dropFirst()))
                loss.backward()
                return (try losses.floats(), try inputs.map { try $0.gradient?.floats() })
            }
            let found = try gradients { states, weights in
                Self.head(weights).crossEntropy(states, targets: targets, weights: factors)
            }
            let expected = try gradients { states, weights in
                states.linearCrossEntropy(
                    Self.matrix(weights),
                    targets: Tensor(targets, [5]),
                    weights: Tensor(factors, [5])
                )
            }
            #expect(zip(found.0, expected.0).allSatisfy { abs($0 - $1) < 1e-5 })
            for (index, (own, other)) in zip(found.1, expected.1).enumerated() {
                #expect((own == nil) == (index - 1 == frozen))
                guard let own, let other else { continue }
                #expect(zip(own, other).allSatisfy { abs($0 - $1) < 1e-5 }, "input \(index)")
            }
        }
    }

    /// Prevents losses in another order, and codes that compete with words.
    @Test("Codes are predicted among codes, others among others", arguments: [8..<11, 6..<9])
    func separateCodesAreAmongCodes(codes: Range<Int>) throws {
        try withTorchErrors { () throws in
            try withoutGradients { () throws in
                let weights = weights()
                let hiddenStates = random.normal([5, 12], std: 1)
                let (targets, factors) = ([8, 0, 10, 7, 3], [1, 1, 0.5, 1, 2] as [Float])
                let (loss, losses) = Self.head(weights, codes: codes).crossEntropy(
                    hiddenStates,
                    targets: targets,
                    weights: factors
                )
                let rows = try hiddenStates.linear(Self.matrix(weights)).floats()
                let expected = targets.enumerated().map { place, target -> Float in
                    let row = rows[place * 11..<(place + 1) * 11]
                    let rivals = (0..<11).filter { codes.contains($0) == codes.contains(target) }
                    let sum = rivals.reduce(0) { $0 + exp(row[place * 11 + $1]) }
                    return log(sum) - row[place * 11 + target]
                }
                let found = try losses.floats()
                #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 })
                let sum = zip(expected, factors).map(*).reduce(0, +)
                #expect(try abs(loss.reshaped([1]).floats()[0] - sum) < 1e-5)
            }
        }
    }
}
