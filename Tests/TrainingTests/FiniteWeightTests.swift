import Basics
import Checkpoints
import Layers
import Tensors
import Testing
import Training

@Suite struct FiniteWeightTests {
    /// Prevents a damaged model from being blamed on the learning rate.
    @Test("A loaded weight that is not finite is named", arguments: [Float.nan, .infinity])
    func aLoadedWeightThatIsNotFiniteIsNamed(value: Float) throws {
        func parameter(_ name: String, _ numbers: [Float]) -> Parameter {
            Parameter(
                spec: ParameterSpec(name: name, shape: [numbers.count], role: .scale),
                tensor: Tensor(numbers, [numbers.count])
            )
        }
        let sound = [parameter("norm.weight", [1, -.greatestFiniteMagnitude, 0])]
        try sound.requireFinite(in: "folder")
        let error = #expect(throws: TrainingError.self) {
            try (sound + [parameter("q.weight", [1, value])]).requireFinite(in: "folder")
        }
        #expect(
            error?.description
                == "folder: the weight \"q.weight\" has values that are not finite (NaN or infinity); "
                + "take an undamaged copy of the model"
        )
        #expect(error?.kind == .malformedInput)
    }
}
