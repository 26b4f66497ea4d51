/// Counts the steps that are skipped because loss or gradients are no numbers; too many in a row end
/// the training.
struct SkippedSteps {
    /// How many there were.
    var count = 0
    private let limit: Int
    private var inARow = 0

    init(limit: Int = 3) { self.limit = limit }

    /// Takes note of a step.
    ///
    /// - Throws: ``TrainingError/diverged(step:count:)`` if it is one too many.
    mutating func record(_ step: Int, isSound: Bool) throws(TrainingError) {
        count += isSound ? 0 : 1
        inARow = isSound ? 0 : inARow + 1
        guard inARow < limit else { throw .diverged(step: step, count: inARow) }
    }
}
