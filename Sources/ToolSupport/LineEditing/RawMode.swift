import Foundation

/// A terminal as an editor needs it.
///
/// Each key comes at once and without an echo, Ctrl-C and Ctrl-Z as characters. Output stays as it
/// was.
struct RawMode {
    private let terminal: Int32
    private let before: termios

    /// Changes the mode; `nil` if the descriptor is no terminal's.
    init?(_ terminal: Int32) {
        var mode = termios()
        guard tcgetattr(terminal, &mode) == 0 else { return nil }
        self.terminal = terminal
        before = mode
        enter()
    }

    func restore() { set(before) }

    /// Stops the program as Ctrl-Z does, until the shell lets it go on.
    func suspend() {
        restore()
        Self.raise(SIGTSTP)
        enter()
    }

    /// Does what a signal asks for before it returns; threads of tasks block signals otherwise.
    static func raise(_ number: Int32) {
        var signals = sigset_t()
        var before = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, number)
        pthread_sigmask(SIG_UNBLOCK, &signals, &before)
        _ = Foundation.raise(number)
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }

    /// Waits for bytes; empty if none came or a signal did, `nil` at the end.
    func read(waiting time: Duration) -> [UInt8]? {
        var input = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
        guard poll(&input, 1, Int32(time / .milliseconds(1))) > 0 else { return [] }
        let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
            count = max(Foundation.read(terminal, buffer.baseAddress, buffer.count), 0)
        }
        return bytes.isEmpty ? nil : bytes
    }

    private func enter() {
        var mode = before
        mode.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INLCR | ISTRIP | IXON)
        mode.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
        withUnsafeMutableBytes(of: &mode.c_cc) {
            $0[Int(VMIN)] = 1
            $0[Int(VTIME)] = 0
        }
        set(mode)
    }

    private func set(_ mode: termios) {
        var mode = mode
        // What was typed ahead is kept.
        _ = tcsetattr(terminal, TCSADRAIN, &mode)
    }
}
