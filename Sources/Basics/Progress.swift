/// What a long task tells of itself. The library shows nothing; the caller decides what to show.
package enum ProgressEvent: Sendable, Equatable {
    /// A task begins.
    ///
    /// - Parameters:
    ///   - title: what is done, as "training".
    ///   - total: the number of units, if it is known.
    ///   - done: the units done before, as in a run that is resumed.
    ///   - unit: what is counted, in the plural, as "steps".
    case began(title: String, total: Int?, done: Int, unit: String)
    /// So many units are done; the note is such as the loss.
    case advanced(to: Int, note: String)
    /// A sentence, such as a warning.
    case said(String)
    /// The task is over.
    case finished(at: Int, note: String)
}

/// Takes the progress of a task.
package typealias ProgressHandler = (ProgressEvent) -> Void

/// A long task that reports its progress to a handler.
package struct Progress {
    private let handler: ProgressHandler

    /// Begins a task; see ``ProgressEvent/began(title:total:done:unit:)``.
    package init(
        _ title: String,
        total: Int?,
        done: Int = 0,
        unit: String,
        to handler: @escaping ProgressHandler
    ) {
        self.handler = handler
        handler(.began(title: title, total: total, done: done, unit: unit))
    }

    /// Reports that `count` units are done.
    package func advance(to count: Int, note: String = "") { handler(.advanced(to: count, note: note)) }

    /// Reports a sentence.
    package func say(_ sentence: String) { handler(.said(sentence)) }

    /// Reports the end of the task.
    package func finish(at count: Int, note: String = "") { handler(.finished(at: count, note: note)) }
}
