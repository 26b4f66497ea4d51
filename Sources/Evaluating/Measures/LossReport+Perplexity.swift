package import Training

extension LossReport {
    /// How well the tokens of one modality are predicted.
    ///
    /// - Throws: ``EvaluationError/nothingCounts`` if there are none.
    package func perplexity(of modality: Modality) throws(EvaluationError) -> Perplexity {
        guard let result = Perplexity(sums[modality]) else { throw .nothingCounts }
        return result
    }
}
