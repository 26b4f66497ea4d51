/// A buffered ``AtomicFile`` that is written from start to end.
package final class AppendedFile {
    private var file: AtomicFile?
    private var position = 0
    private var buffer: [UInt8] = []

    package init(_ path: String) throws(FileError) {
        file = try AtomicFile(path)
    }

    package func write(_ bytes: some Collection<UInt8>) throws(FileError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= 1 << 20 { try flush() }
    }

    /// Flushes the file to disk and puts it at its path, replacing an older one.
    package func commit() throws(FileError) {
        try flush()
        guard let file = file.take() else { preconditionFailure("the file is committed already") }
        try file.commit()
    }

    private func flush() throws(FileError) {
        try buffer.withUnsafeBufferPointer { bytes throws(FileError) in
            try file?.write(UnsafeRawBufferPointer(bytes), at: position)
        }
        position += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }
}
