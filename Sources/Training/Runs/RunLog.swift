package import Basics
import Foundation

/// The log of a run: JSON Lines, one object for a step or an evaluation.
///
/// A resumed run removes the lines of steps that were not saved, so the log has every step once.
package final class RunLog {
    private let path: String
    private let file: FileHandle
    private let badDocumentCount: Int

    /// Opens the log at `path` to continue after `step`; each line says how many documents were bad,
    /// if some were.
    package init(_ path: String, after step: Int, badDocumentCount: Int = 0) throws {
        self.path = path
        self.badDocumentCount = badDocumentCount
        let kept = try Self.lines(at: path).filter { line in
            Self.step(of: line).map { $0 <= step } ?? false
        }
        let text = kept.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
        try AtomicFile.write(text, to: path)
        guard let file = FileHandle(forWritingAtPath: path) else {
            throw FileError.writing(path: path, reason: "it cannot be opened")
        }
        do {
            try file.seekToEnd()
        } catch {
            throw FileError.writing(path: path, reason: "its end cannot be found")
        }
        self.file = file
    }

    /// Appends one line, with the time that the step took.
    package func write(_ line: JSON.Object, seconds: Double? = nil) throws(FileError) {
        var object = line
        if badDocumentCount > 0 { object["bad_documents"] = .integer(badDocumentCount) }
        if let seconds { object["seconds"] = .number(seconds) }
        do {
            try file.write(contentsOf: Data((JSON.object(object).text() + "\n").utf8))
        } catch {
            throw .writing(path: path, reason: "a line cannot be appended")
        }
    }

    private static func lines(at path: String) throws -> [ArraySlice<UInt8>] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let file = try MappedFile(path)
        return withExtendedLifetime(file) { Array(file.bytes) }.split(separator: UInt8(ascii: "\n"))
    }

    /// The step of a line; `nil` for an incomplete one of a run that was killed.
    private static func step(of line: ArraySlice<UInt8>) -> Int? {
        guard case .object(let object)? = try? JSON(parsing: line),
            case .integer(let step)? = object["step"]
        else { return nil }
        return step
    }
}
