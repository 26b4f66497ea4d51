import Checkpoints
import Fusing

extension Fusion {
    /// How the weights of two parents are joined; T is a weight of the text parent, I one of the
    /// image parent.
    public enum Method: Sendable, Equatable {
        /// JAM-Uniform: every weight is `textShare` T + (1 − `textShare`) I.
        case uniform(textShare: Double = 0.5)
        /// JAM-Width: twice the hidden size, with T and I on the diagonal of every matrix.
        case width(offDiagonal: OffDiagonal = .copy, norm: Norm = .whole)
        /// JAM-Cross: both parents as towers, with bridges of cross-attention between them.
        case cross(CrossOptions)
    }

    /// The blocks beside the diagonal of a widened matrix.
    public enum OffDiagonal: String, Sendable, CaseIterable {
        /// `[[T, T], [I, I]]`.
        case copy
        /// `[[T, A], [A, I]]` with A = (T + I) / 2.
        case average
        /// `[[T, 0], [0, I]]`.
        case zero
    }

    /// The features that a norm of a widened model averages over.
    public enum Norm: String, Sendable, CaseIterable {
        /// All of them, as in the parents' family.
        case whole
        /// Each parent's half by itself.
        case halves
    }

    /// How the vocabularies of the parents become one.
    public enum Vocabulary: String, Sendable, CaseIterable {
        /// Both have the same tokenizer; other parents are refused.
        case same
        /// The text parent's tokens, then the special tokens and image codes that it lacks.
        case union
    }

    /// The type of stored weights.
    public enum DataType: String, Sendable, CaseIterable {
        /// 32-bit floats.
        case float32
        /// The upper half of a 32-bit float.
        case bfloat16
        /// IEEE 754 binary16.
        case float16
    }
}

extension Fusion.Method {
    var recipe: FusionMethod {
        switch self {
        case .uniform(let share): .uniform(textShare: share)
        case .width(let offDiagonal, let norm):
            .width(offDiagonal: offDiagonal.rule, norm: norm == .whole ? .whole : .halves)
        case .cross(let options): .cross(options.rule)
        }
    }
}

extension Fusion.OffDiagonal {
    fileprivate var rule: OffDiagonal {
        switch self {
        case .copy: .copy
        case .average: .average
        case .zero: .zero
        }
    }
}

extension Fusion.Vocabulary {
    var rule: VocabularyRule {
        switch self {
        case .same: .same
        case .union: .union
        }
    }
}

extension Fusion.DataType {
    var format: FloatFormat {
        switch self {
        case .float32: .float32
        case .bfloat16: .bfloat16
        case .float16: .float16
        }
    }
}
