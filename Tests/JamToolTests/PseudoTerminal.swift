import Foundation
import Testing

/// A program that runs in a terminal of its own, where it is typed to.
final class PseudoTerminal {
    private let process = Process()
    private let descriptor: Int32
    /// What the program has written that was not waited for yet.
    private var output: [UInt8] = []

    /// Starts the tool in a folder; the terminal is a plain `xterm` of 60 × 20 characters.
    init(
        _ arguments: [String],
        in folder: String,
        variables: [String: String]
    ) throws {
        var size = winsize(ws_row: 20, ws_col: 60, ws_xpixel: 0, ws_ypixel: 0)
        var ends: (own: Int32, programs: Int32) = (-1, -1)
        try #require(openpty(&ends.own, &ends.programs, nil, nil, &size) == 0)
        descriptor = ends.own
        let terminal = FileHandle(fileDescriptor: ends.programs, closeOnDealloc: true)
        for end in [ends.own, ends.programs] {
            try #require(fcntl(end, F_SETFD, FD_CLOEXEC) == 0)
        }
        // With a terminal of its own, Ctrl-C is a signal.
        process.executableURL = URL(filePath: "/usr/bin/setsid")
        process.arguments = ["--ctty", "--wait", Tool.executable.path] + arguments
        process.currentDirectoryURL = URL(filePath: folder)
        var environment = ProcessInfo.processInfo.environment
        for name in ["TMUX", "TERM_PROGRAM", "KITTY_WINDOW_ID", "NO_COLOR", "JAM_IMAGES"] {
            environment[name] = nil
        }
        environment["TERM"] = "xterm"
        process.environment = environment.merging(variables) { $1 }
        process.standardInput = terminal
        process.standardOutput = terminal
        process.standardError = terminal
        try process.run()
    }

    deinit {
        if process.isRunning { process.terminate() }
        close(descriptor)
    }

    /// Types at once; control characters are keys of the editor only once it has begun.
    func type(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }

    /// Waits until the program writes a text, and returns all up to it that was not waited for yet.
    @discardableResult
    func wait(for text: String) throws -> String {
        let wanted = Data(text.utf8)
        let end = ContinuousClock.now + .seconds(120)
        while true {
            if let range = Data(output).range(of: wanted) {
                defer { output.removeFirst(range.upperBound) }
                return String(decoding: output[..<range.upperBound], as: UTF8.self)
            }
            let all = String(decoding: output, as: UTF8.self).debugDescription
            try #require(ContinuousClock.now < end, "no \(text) in \(all)")
            read()
        }
    }

    /// Whether each key comes at once and without an echo.
    var isRaw: Bool {
        var mode = termios()
        return tcgetattr(descriptor, &mode) == 0 && mode.c_lflag & tcflag_t(ICANON | ECHO) == 0
    }

    /// Waits for the end of the program, and returns its status.
    func waitForEnd() throws -> Int32 {
        let end = ContinuousClock.now + .seconds(120)
        while process.isRunning {
            try #require(ContinuousClock.now < end, "the program does not end")
            read()
        }
        return process.terminationStatus
    }

    /// Reads what comes within a twentieth of a second.
    private func read() {
        var input = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&input, 1, 50) > 0 else { return }
        let bytes = [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
            count = max(Foundation.read(descriptor, buffer.baseAddress, buffer.count), 0)
        }
        output += bytes
    }
}
