package import Basics
import Foundation

/// The record of a run: JSON Lines, one object a step.
///
/// A run that is resumed cuts off what a later, lost part of the run has written, so the log reads
/// as if nothing had happened.
package final class RunLog {
    private let path: String
    private let file: FileHandle

    /// Opens the log at `path` to go on after `step`; lines of later steps are removed.
    package init(_ path: String, after step: Int) throws {
        self.path = path
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

    /// Appends one line.
    package func write(_ members: [(key: String, value: JSON)]) throws(FileError) {
        var object = JSON.Object()
        for (key, value) in members { object[key] = value }
        do {
            try file.write(contentsOf: Data((JSON.object(object).text() + "\n").utf8))
        } catch {
            throw .writing(path: path, reason: "a line cannot be appended")
        }
    }

    private static func lines(at path: String) throws -> [ArraySlice<UInt8>] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let file = try MappedFile(path)
        // The bytes are gone with the file, so it must outlive the copy.
        let bytes = withExtendedLifetime(file) { Array(file.bytes) }
        return bytes.split(separator: UInt8(ascii: "\n"))
    }

    /// The step of a line; `nil` for one that a kill has cut short.
    private static func step(of line: ArraySlice<UInt8>) -> Int? {
        guard case .object(let object)? = try? JSON(parsing: line),
            case .integer(let step)? = object["step"]
        else { return nil }
        return step
    }
}
