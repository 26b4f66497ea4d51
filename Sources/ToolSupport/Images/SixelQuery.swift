import Foundation

/// The question whether a terminal has sixel graphics.
package enum SixelQuery {
    /// Asks the terminal of this program for its attributes (DA1), and waits a tenth of a second for
    /// the answer, over SSH a second.
    ///
    /// Not asked is where something was typed already, which the answer would be mixed with, and
    /// where the program runs in the background.
    package static func ask(environment: [String: String]) -> Bool {
        let terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return false }
        defer { close(terminal) }
        guard tcgetpgrp(terminal) == getpgrp(), let mode = RawMode(terminal) else { return false }
        defer { mode.restore() }
        guard mode.read(waiting: .zero)?.isEmpty == true else { return false }
        let question = Array("\u{1B}[c".utf8)
        guard write(terminal, question, question.count) == question.count else { return false }
        let isRemote = ["SSH_CONNECTION", "SSH_TTY"].contains { environment[$0] != nil }
        let end = ContinuousClock.now + .milliseconds(isRemote ? 1000 : 100)
        var answer: [UInt8] = []
        while answer.last != UInt8(ascii: "c"), answer.count < 256 {
            let left = end - .now
            guard left > .zero, let bytes = mode.read(waiting: left) else { break }
            answer += bytes
        }
        return hasSixel(answer)
    }

    /// Whether an answer, `CSI ? level ; attribute … c`, has the attribute 4.
    package static func hasSixel(_ answer: [UInt8]) -> Bool {
        let text = String(decoding: answer, as: UTF8.self)
        guard let match = text.firstMatch(of: /\u{1B}\[\?([0-9;]*)c/) else { return false }
        return match.1.split(separator: ";").dropFirst().contains("4")
    }
}
