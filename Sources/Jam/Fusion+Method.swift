import Checkpoints
import Decoders
import Fusing

extension Fusion {
    /// How the weights of two parents are joined; T is a weight of the text parent, I one of the
    /// image parent.
    public enum Method: Sendable, Equatable {
        /// JAM-Uniform: every weight is `textShare` T + (1 − `textShare`) I.
        case uniform(textShare: Double = 0.5)
        /// JAM-Width: twice the hidden size, with T and I on the diagonal of every matrix.
        case width(offDiagonal: OffDiagonal = .copy, norm: Norm = .whole)
        /// JAM-Cross: both parents as towers, with a bridge of cross-attention after so many layers.
        case cross(every: Int = 2, direction: Direction = .both, start: Start = .preserving())
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

    /// The towers that bridges write to.
    public enum Direction: String, Sendable, CaseIterable {
        /// Both towers.
        case both
        /// The text tower, which then reads the image tower.
        case toText = "to-text"
        /// The image tower, which then reads the text tower.
        case toImage = "to-image"
    }

    /// What a Cross model computes before it is trained.
    public enum Start: Sendable, Equatable {
        /// As in the paper: one shared input table, bridges initialized with self-attention.
        case paper
        /// The parents' logits exactly: of text tokens the text parent's, of image codes the image
        /// parent's.
        ///
        /// `untrained` may name a token that neither parent was trained on, such as
        /// `<|system|>`: input embeddings with the direction of that token's start at zero.
        case preserving(untrained: String? = nil)
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
        case .cross(let interval, let direction, let start):
            .cross(every: interval, direction: direction.rule, start: start.rule)
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

extension Fusion.Direction {
    fileprivate var rule: CrossConfig.Direction {
        switch self {
        case .both: .both
        case .toText: .toText
        case .toImage: .toImage
        }
    }
}

extension Fusion.Start {
    fileprivate var rule: CrossStart {
        switch self {
        case .paper: .paper
        case .preserving(let token): .preserving(untrained: token)
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
