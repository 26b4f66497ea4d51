import Foundation

/// A file of the system, and the Debian package that installs it.
struct SourceFile: Sendable {
    let path: String
    let package: String

    func read() throws(DictionaryError) -> [UInt8] {
        guard FileManager.default.fileExists(atPath: path) else {
            throw .missing(path: path, package: package)
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .unreadable(path: path)
        }
        return [UInt8](data)
    }

    /// Throws if the file is not UTF-8.
    func readLines() throws(DictionaryError) -> [Substring] {
        guard let text = String(validating: try read(), as: UTF8.self) else {
            throw malformed(line: 1, "text that is not UTF-8")
        }
        return text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map {
            Substring($0)
        }
    }

    /// The error for `found` in a line, counted from 1.
    func malformed(line: Int, _ found: String) -> DictionaryError {
        .malformed(path: path, line: line, found: found, package: package)
    }
}
