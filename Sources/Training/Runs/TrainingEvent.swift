package import Basics

/// What a training reports.
public enum TrainingEvent: Sendable {
    /// So many documents or images of the data are read; the total is `nil` if it is not known.
    case reading(String, count: Int, total: Int?, unit: String, isDone: Bool)
    /// The steps begin, after those that are done already.
    case started(step: Int, stepCount: Int)
    /// A step is done.
    case step(StepLog)
    /// The held-out data is evaluated after a step.
    case evaluation(StepLog)
    /// A sentence about something odd, as data that is truncated or a step that is skipped.
    case warning(String)
    /// The run can be resumed from here.
    case saved(folder: String)
    /// The training is done, and the model is in this folder.
    case finished(folder: String)
}

/// Takes the events of a training.
package typealias TrainingEventHandler = (TrainingEvent) -> Void

extension TrainingEvent {
    /// A handler that shows events as the progress of tasks.
    package static func showing(_ show: @escaping ProgressHandler) -> TrainingEventHandler {
        var last: (count: Int, note: String) = (0, "")
        return { event in
            switch event {
            case .reading(let title, let count, let total, let unit, let isDone):
                if isDone {
                    show(.finished(at: count, note: ""))
                } else if count == 0 {
                    show(.began(title: title, total: total, done: 0, unit: unit))
                } else {
                    show(.advanced(to: count, note: ""))
                }
            case .started(let step, let stepCount):
                last.count = step
                show(.began(title: "training", total: stepCount, done: step, unit: "steps"))
            case .step(let log):
                last = (log.step, log.summary)
                show(.advanced(to: log.step, note: log.summary))
            case .evaluation(let log): show(.said("step \(log.step): held out: \(log.summary)"))
            case .warning(let sentence): show(.said(sentence))
            case .saved: break
            case .finished: show(.finished(at: last.count, note: last.note))
            }
        }
    }
}
