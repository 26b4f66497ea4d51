import Foundation

/// The messages that were entered before, in the order of time.
///
/// With a path they are kept in a file that only its owner can read, a message a line, whose line
/// breaks are written as `\n`. Where the file cannot be written, nothing is kept and nothing said.
package struct LineHistory: Sendable {
    /// How many messages are kept.
    package static let limit = 500
    /// Longer messages, in bytes, are not kept in the file.
    private static let lengthLimit = 16_384

    package private(set) var entries: [String] = []
    private let path: String?

    /// Opens a history; `nil` for one that is not kept.
    package init(path: String?) {
        self.path = path
        guard let path, let file = try? Self.open(path) else { return }
        let lines = (try? file.readToEnd()).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let all = lines.split(separator: "\n").map { Self.entry(of: $0) }
        entries = all.suffix(Self.limit)
        if all.count > Self.limit {
            try? file.truncate(atOffset: 0)
            try? file.write(contentsOf: Data(entries.map { Self.line(of: $0) }.joined().utf8))
        }
    }

    /// The file of a program's history: `$XDG_STATE_HOME/jam/history`, by default in
    /// `~/.local/state`; `nil` where there is no home.
    package static func path(environment: [String: String]) -> String? {
        func absolute(_ name: String) -> String? {
            environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        let state = absolute("XDG_STATE_HOME") ?? absolute("HOME").map { $0 + "/.local/state" }
        return state.map { $0 + "/jam/history" }
    }

    /// Adds a message, unless it is the last one again.
    package mutating func add(_ entry: String) {
        guard entry != entries.last, !entry.allSatisfy(\.isWhitespace) else { return }
        entries.append(entry)
        entries = entries.suffix(Self.limit)
        let line = Data(Self.line(of: entry).utf8)
        guard let path, line.count <= Self.lengthLimit else { return }
        try? Self.open(path).write(contentsOf: line)
    }

    /// Opens the file for reading and appending; other programs wait until it is closed.
    private static func open(_ path: String) throws -> FileHandle {
        let folder = URL(filePath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        // No link is followed, and a pipe is not waited for.
        let flags = O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let descriptor = Foundation.open(path, flags, 0o600)
        guard descriptor >= 0 else { throw CocoaError(.fileNoSuchFile) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            fchmod(descriptor, 0o600) == 0, flock(descriptor, LOCK_EX) == 0
        else { throw CocoaError(.fileWriteNoPermission) }
        return file
    }

    private static func line(of entry: String) -> String {
        entry.replacing("\\", with: "\\\\").replacing("\n", with: "\\n") + "\n"
    }

    private static func entry(of line: Substring) -> String {
        var entry = ""
        var isEscaped = false
        for character in line {
            if !isEscaped, character == "\\" {
                isEscaped = true
                continue
            }
            entry.append(isEscaped && character == "n" ? "\n" : character)
            isEscaped = false
        }
        return KeyParser.printable(entry)
    }
}
