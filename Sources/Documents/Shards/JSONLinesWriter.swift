package import Basics
package import Foundation

/// Writes documents as JSON Lines, with images as base64.
///
/// The file appears at its path in ``finish()``; without that call nothing is left behind.
package struct JSONLinesWriter: ~Copyable {
    private let file: AppendedFile

    package init(to url: URL) throws(FileError) {
        file = try AppendedFile(url.path)
    }

    /// Appends a document: plain text as `{"text": …}`, a conversation as `{"messages": […]}`,
    /// anything else as `{"segments": […]}`.
    package func write(_ document: Document) throws(FileError) {
        try write(document.lineJSON)
    }

    /// Appends a document that is JSON already.
    func write(_ document: JSON) throws(FileError) {
        try file.write((document.text() + "\n").utf8)
    }

    /// Flushes the file to disk and puts it at its path.
    package consuming func finish() throws(FileError) {
        try file.commit()
    }
}
