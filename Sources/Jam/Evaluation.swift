public import Documents
internal import Evaluating
internal import Foundation
internal import Training

/// How well a model predicts documents: mean losses in nats a token.
public struct Evaluation: Sendable, Equatable {
    private var report = LossReport()

    /// An evaluation of nothing.
    public init() {}

    init(_ report: LossReport) { self.report = report }

    /// The mean loss of a text token; `nil` without text.
    public var textLoss: Double? { report[.text] }

    /// The perplexity of the text: e to the ``textLoss``.
    public var textPerplexity: Double? { textLoss.map(exp) }

    /// The mean loss of an image code; `nil` without images.
    public var imageLoss: Double? { report[.image] }

    /// The mean loss of a token, special tokens included; `nil` for nothing.
    public var loss: Double? { report.mean }

    /// Adds the evaluation of further documents.
    public mutating func add(_ other: Evaluation) { report.add(other.report) }
}

extension Model {
    /// Evaluates how well the model predicts documents, token by token.
    ///
    /// - Throws: `JamError` if a document does not fit into the context, or has an image that the
    ///   model cannot read.
    public func evaluate(_ documents: [Document]) throws -> Evaluation {
        try withJamErrors { Evaluation(try Evaluator(model).losses(of: documents)) }
    }
}
