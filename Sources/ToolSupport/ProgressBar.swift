package import Basics
import Foundation

/// A progress bar on standard error: share, rate, time left and a note.
///
/// On a terminal one line is redrawn; otherwise, and under `NO_COLOR`, a line is printed every ten
/// seconds.
package final class ProgressBar {
    package enum Style: Sendable, Equatable {
        /// One redrawn line.
        case animated
        /// A line every ten seconds.
        case lines
        case quiet

        /// The style for standard error and the environment.
        package static func detected() -> Style {
            let isPlain = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
            return isatty(STDERR_FILENO) == 1 && !isPlain ? .animated : .lines
        }

        /// The time between two drawings.
        var interval: Duration { self == .animated ? .milliseconds(100) : .seconds(10) }
    }

    private let title: String
    private let total: Int?
    private let unit: String
    private let style: Style
    private let write: (String) -> Void
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private let startCount: Int
    private var lastDrawing: ContinuousClock.Instant
    private var drawnWidth = 0

    /// A handler that shows each task in its own bar.
    package static func handler(style: Style = .detected()) -> ProgressHandler {
        var bar: ProgressBar?
        return { event in
            switch event {
            case .began(let title, let total, let done, let unit):
                bar = ProgressBar(title, total: total, done: done, unit: unit, style: style)
            case .advanced(let count, let note): bar?.advance(to: count, note: note)
            case .said(let sentence):
                if let bar {
                    bar.say(sentence)
                } else if style != .quiet {
                    writeToStandardError(sentence + "\n")
                }
            case .finished(let count, let note):
                bar?.finish(at: count, note: note)
                bar = nil
            }
        }
    }

    /// Starts a task.
    ///
    /// - Parameters:
    ///   - title: the task, such as "training".
    ///   - total: the number of units, if known.
    ///   - done: the units done before, as in a resumed run.
    ///   - unit: the unit in the plural, such as "steps".
    ///   - style: how to show progress.
    ///   - write: writes text, by default to standard error.
    package init(
        _ title: String,
        total: Int?,
        done: Int = 0,
        unit: String,
        style: Style = .detected(),
        write: @escaping (String) -> Void = ProgressBar.writeToStandardError
    ) {
        self.title = title
        self.total = total
        self.unit = unit
        self.style = style
        self.write = write
        startCount = done
        start = clock.now
        lastDrawing = start
    }

    /// Reports that `count` units are done, with a note such as the loss.
    package func advance(to count: Int, note: String = "") {
        guard style != .quiet else { return }
        let now = clock.now
        guard now - lastDrawing >= style.interval else { return }
        lastDrawing = now
        draw(line(count, note, after: now - start))
    }

    /// Reports the end of the task.
    package func finish(at count: Int, note: String = "") {
        guard style != .quiet else { return }
        draw(line(count, note, after: clock.now - start))
        if style == .animated { write("\n") }
    }

    /// Prints a message, such as a warning.
    package func say(_ sentence: String) {
        guard style != .quiet else { return }
        if style == .animated, drawnWidth > 0 { write("\r\u{1B}[K") }
        write(sentence + "\n")
        drawnWidth = 0
    }

    package func line(_ count: Int, _ note: String, after elapsed: Duration) -> String {
        let seconds =
            Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
        var parts = ["\(title) \(amount(count))"]
        if let total { parts.append("\(total > 0 ? min(100, count * 100 / total) : 100) %") }
        let done = count - startCount
        if done > 0, seconds > 0 {
            let rate = Double(done) / seconds
            parts.append(
                isBytes
                    ? "\(Int(min(rate, 1e15)).byteText)/s" : Self.rounded(rate) + " \(unit)/s"
            )
            if let total, count < total {
                parts.append(Self.time(Double(total - count) / rate) + " left")
            } else {
                parts.append(Self.time(seconds))
            }
        }
        if !note.isEmpty { parts.append(note) }
        return parts.joined(separator: "  ")
    }

    private var isBytes: Bool { unit == "bytes" }

    /// "3/10 steps", "1.2 MB of 3.4 MB".
    private func amount(_ count: Int) -> String {
        guard let total else { return isBytes ? count.byteText : "\(count) \(unit)" }
        return isBytes ? "\(count.byteText) of \(total.byteText)" : "\(count)/\(total) \(unit)"
    }

    private func draw(_ line: String) {
        switch style {
        case .animated:
            write("\r" + line + "\u{1B}[K")
            drawnWidth = line.count
        case .lines: write(line + "\n")
        case .quiet: break
        }
    }

    /// Two significant digits, without an exponent.
    private static func rounded(_ value: Double) -> String {
        if value >= 10 { return String(Int(min(value, 1e15).rounded())) }
        let tenths = Int((value * (value >= 1 ? 10 : 100)).rounded())
        return "\(Double(tenths) / (value >= 1 ? 10 : 100))"
    }

    /// Seconds as `1 h 05 min`, `5 min 09 s` or `9 s`.
    private static func time(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds), 1e9).rounded(.up))
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if whole >= 3600 { return "\(whole / 3600) h \(padded(whole % 3600 / 60)) min" }
        if whole >= 60 { return "\(whole / 60) min \(padded(whole % 60)) s" }
        return "\(whole) s"
    }

    package static func writeToStandardError(_ text: String) {
        let bytes = Array(text.utf8)
        // Failing to show progress is no reason to stop.
        _ = bytes.withUnsafeBytes { show($0) }
    }
}

private func show(_ bytes: UnsafeRawBufferPointer) -> Int {
    write(STDERR_FILENO, bytes.baseAddress, bytes.count)
}
