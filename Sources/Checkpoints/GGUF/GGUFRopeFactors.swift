import Basics
import Foundation

/// `rope_freqs.weight`: what each rotary frequency is divided by, as Llama 3.1 scales them.
///
/// A config states the scaling by four numbers. The factor is the largest value of the tensor; the
/// other three are the same in all models of Meta, and the tensor must be what they give.
enum GGUFRopeFactors {
    static let tensor = "rope_freqs.weight"

    private static let low = 1.0
    private static let high = 4.0
    private static let original = 8192

    /// The `rope_scaling` that gives these factors; `nil` if nothing is scaled.
    static func ropeScaling(
        _ factors: [Float],
        base: Double,
        path: String
    ) throws(GGUFError) -> JSON? {
        guard let factor = factors.max(), factors.contains(where: { $0 != 1 }) else { return nil }
        let expected = expected(count: factors.count, base: base, factor: Double(factor))
        let areEqual = zip(factors, expected).allSatisfy { found, expected in
            abs(Double(found) - expected) <= 1e-4 * expected
        }
        guard areEqual else {
            throw GGUFError(
                path: path,
                problem: "\(tensor.quoted()) scales rotary positions otherwise than Llama 3 does, "
                    + "which is not supported"
            )
        }
        return [
            "rope_type": "llama3",
            "factor": .number(Double(factor)),
            "low_freq_factor": .number(low),
            "high_freq_factor": .number(high),
            "original_max_position_embeddings": .integer(original),
        ]
    }

    /// Short waves stay, long ones are divided by the factor, and between them it is interpolated.
    private static func expected(count: Int, base: Double, factor: Double) -> [Double] {
        (0..<count).map { index in
            let frequency = pow(base, -Double(index) / Double(count))
            let turns = Double(original) * frequency / (2 * Double.pi)
            if turns > high { return 1 }
            if turns < low { return factor }
            let share = (turns - low) / (high - low)
            return 1 / ((1 - share) / factor + share)
        }
    }
}
