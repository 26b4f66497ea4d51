import Foundation

/// A file of the system, and the Debian package that installs it.
struct SourceFile: Sendable {
    let path: String
    let package: String

    /// Returns the whole file.
    func read() throws(DictionaryError) -> [UInt8] {
        guard FileManager.default.fileExists(atPath: path) else {
            throw .missing(path: path, package: package)
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .unreadable(path: path)
        }
        return [UInt8](data)
    }

    /// Returns the lines of the file; what is not UTF-8 is an error.
    func readLines() throws(DictionaryError) -> [Substring] {
        guard let text = String(validating: try read(), as: UTF8.self) else {
            throw malformed(line: 1, "text that is not UTF-8")
        }
        return text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map {
            Substring($0)
        }
    }

    /// The error of a file whose line `line`, counted from one, holds `found`.
    func malformed(line: Int, _ found: String) -> DictionaryError {
        .malformed(path: path, line: line, found: found, package: package)
    }
}
