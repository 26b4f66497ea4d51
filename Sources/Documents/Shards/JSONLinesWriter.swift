public import Basics
public import Foundation

/// Writes documents as JSON Lines; images stand in the lines as base64.
///
/// The file gets its name in ``finish()``; without that call nothing is left behind.
public struct JSONLinesWriter: ~Copyable {
    private let file: AppendedFile

    /// Begins the file at `url`.
    public init(to url: URL) throws(FileError) {
        file = try AppendedFile(url.path)
    }

    /// Appends a document: text alone as `{"text": …}`, a conversation as `{"messages": […]}`,
    /// anything else as `{"segments": […]}`.
    public func write(_ document: Document) throws(FileError) {
        try file.write((document.lineJSON.text() + "\n").utf8)
    }

    /// Brings the file to the disk and gives it its name.
    public consuming func finish() throws(FileError) {
        try file.commit()
    }
}
