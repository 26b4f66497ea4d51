package import Basics
package import Foundation

/// Writes documents as JSON Lines; images stand in the lines as base64.
///
/// The file gets its name in ``finish()``; without that call nothing is left behind.
package struct JSONLinesWriter: ~Copyable {
    private let file: AppendedFile

    /// Begins the file at `url`.
    package init(to url: URL) throws(FileError) {
        file = try AppendedFile(url.path)
    }

    /// Appends a document: text alone as `{"text": …}`, a conversation as `{"messages": […]}`,
    /// anything else as `{"segments": […]}`.
    package func write(_ document: Document) throws(FileError) {
        try file.write((document.lineJSON.text() + "\n").utf8)
    }

    /// Brings the file to the disk and gives it its name.
    package consuming func finish() throws(FileError) {
        try file.commit()
    }
}
