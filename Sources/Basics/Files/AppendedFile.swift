/// A file that is written from front to back and appears under its name only when it is complete.
///
/// An ``AtomicFile`` with a buffer and a position; dropped without a commit, it leaves nothing.
package final class AppendedFile {
    private var file: AtomicFile?
    private var position = 0
    private var buffer: [UInt8] = []

    /// Begins the file at `path`.
    package init(_ path: String) throws(FileError) {
        file = try AtomicFile(path)
    }

    /// Appends bytes.
    package func write(_ bytes: some Collection<UInt8>) throws(FileError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= 1 << 20 { try flush() }
    }

    /// Makes the file durable and gives it its name, in place of a former one; ends the writing.
    package func commit() throws(FileError) {
        try flush()
        guard let file = file.take() else { preconditionFailure("the file is committed already") }
        try file.commit()
    }

    private func flush() throws(FileError) {
        let result = buffer.withUnsafeBytes { bytes in
            Result { () throws(FileError) in try file?.write(bytes, at: position) }
        }
        try result.get()
        position += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }
}
