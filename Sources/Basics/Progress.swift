/// A progress event of a long task, which the caller decides how to show.
package enum ProgressEvent: Sendable, Equatable {
    /// A task starts.
    ///
    /// - Parameters:
    ///   - title: the task, such as "training".
    ///   - total: the number of units, if known.
    ///   - done: the units done before, as in a resumed run.
    ///   - unit: the unit in the plural, such as "steps".
    case began(title: String, total: Int?, done: Int, unit: String)
    /// The number of finished units, and a note such as the loss.
    case advanced(to: Int, note: String)
    /// A message, such as a warning.
    case said(String)
    /// The task is done.
    case finished(at: Int, note: String)
}

package typealias ProgressHandler = (ProgressEvent) -> Void

/// A long task that reports to a handler.
package struct Progress {
    private let handler: ProgressHandler

    /// Starts a task; see ``ProgressEvent/began(title:total:done:unit:)``.
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

    package func advance(to count: Int, note: String = "") {
        handler(.advanced(to: count, note: note))
    }

    package func say(_ sentence: String) { handler(.said(sentence)) }

    package func finish(at count: Int, note: String = "") {
        handler(.finished(at: count, note: note))
    }
}
