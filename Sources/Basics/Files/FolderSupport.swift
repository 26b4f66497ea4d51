import Foundation

/// Creates `<path>.tmp-<pid>`, or the next free name after a crash with the same process id.
///
/// `make` creates the path exclusively and returns whether it could; `errno` says why not.
func makeTemporary(beside path: String, make: (String) -> Bool) throws(FileError) -> String {
    for attempt in 1...100 {
        let suffix = attempt == 1 ? "" : "-\(attempt)"
        let temporary = "\(path).tmp-\(getpid())\(suffix)"
        if make(temporary) { return temporary }
        guard errno == EEXIST else { break }
    }
    throw .cannotCreate(path: path, reason: systemReason())
}

/// The folder of the last path component.
func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The free bytes of the disk of `path`, which need not exist yet.
func freeSpace(at path: String) -> Int? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 || statvfs(parent(of: path), &status) == 0 else {
        return nil
    }
    let (count, overflows) = UInt64(status.f_bavail).multipliedReportingOverflow(
        by: UInt64(status.f_frsize)
    )
    return overflows ? Int.max : Int(clamping: count)
}

/// Writes bytes at an offset of an open file, whose path is for messages.
func writeAll(
    _ bytes: UnsafeRawBufferPointer,
    to descriptor: Int32,
    at offset: Int,
    _ path: String
) throws(FileError) {
    var written = 0
    while written < bytes.count {
        // The system limits one call to 2 GiB.
        let chunk = UnsafeRawBufferPointer(rebasing: bytes[written...].prefix(64 << 20))
        let count = pwrite(descriptor, chunk.baseAddress, chunk.count, off_t(offset + written))
        if count > 0 {
            written += count
        } else if count == 0 || errno != EINTR {
            throw writingFailure(path, bytes: bytes.count - written)
        }
    }
}

/// The error for `errno` after writing `count` bytes failed.
func writingFailure(_ path: String, bytes count: Int) -> FileError {
    guard errno == ENOSPC || errno == EDQUOT else {
        return .writing(path: path, reason: systemReason())
    }
    return .noSpace(path: path, needed: count, free: freeSpace(at: path) ?? 0)
}

/// Flushes the folder of `path` to disk, which makes a rename durable.
func synchronizeFolder(of path: String) throws(FileError) {
    try synchronize(parent(of: path))
}

/// Flushes one file or folder to disk.
func synchronize(_ path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .writing(path: path, reason: systemReason()) }
    defer { close(descriptor) }
    // EINVAL: the file system does not support this for folders.
    guard fsync(descriptor) == 0 || errno == EINVAL else {
        throw .writing(path: path, reason: systemReason())
    }
}

/// Flushes a folder and everything in it to disk.
func synchronizeTree(_ folder: String) throws(FileError) {
    let names: [String]
    do {
        names = try FileManager.default.subpathsOfDirectory(atPath: folder)
    } catch {
        throw .writing(path: folder, reason: "its content cannot be listed")
    }
    for name in names {
        var status = stat()
        let path = folder + "/" + name
        guard lstat(path, &status) == 0 else {
            throw .writing(path: path, reason: systemReason())
        }
        let kind = status.st_mode & S_IFMT
        if kind == S_IFREG || kind == S_IFDIR { try synchronize(path) }
    }
    try synchronize(folder)
}

func removeTree(_ folder: String) {
    // What cannot be removed keeps a name that says it is temporary.
    try? FileManager.default.removeItem(atPath: folder)
}
