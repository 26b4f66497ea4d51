#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Makes `<path>.tmp-<pid>`, or the next free name where a process of that number once died.
///
/// `make` gets a path and returns whether it made it, exclusively; `errno` says why it did not.
func makeTemporary(beside path: String, make: (String) -> Bool) throws(FileError) -> String {
    for attempt in 1...100 {
        let suffix = attempt == 1 ? "" : "-\(attempt)"
        let temporary = "\(path).tmp-\(getpid())\(suffix)"
        if make(temporary) { return temporary }
        guard errno == EEXIST else { break }
    }
    throw .cannotCreate(path: path, reason: systemReason())
}

/// The folder that holds the last part of `path`.
func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The bytes that may still be written to the disk which holds `path`, or will hold it.
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

/// Writes bytes to an open file, whose path is for messages, at an offset from its start.
func writeAll(
    _ bytes: UnsafeRawBufferPointer,
    to descriptor: Int32,
    at offset: Int,
    _ path: String
) throws(FileError) {
    var written = 0
    while written < bytes.count {
        // One call of more than 2 GiB would be cut short by the system anyway.
        let chunk = UnsafeRawBufferPointer(rebasing: bytes[written...].prefix(64 << 20))
        let count = pwrite(descriptor, chunk.baseAddress, chunk.count, off_t(offset + written))
        if count > 0 {
            written += count
        } else if count == 0 || errno != EINTR {
            throw writingFailure(path, bytes: bytes.count - written)
        }
    }
}

/// Why, by `errno`, so many bytes could not be written.
func writingFailure(_ path: String, bytes count: Int) -> FileError {
    guard errno == ENOSPC || errno == EDQUOT else {
        return .writing(path: path, reason: systemReason())
    }
    return .noSpace(path: path, needed: count, free: freeSpace(at: path) ?? 0)
}

/// Brings the entries of the folder around `path` to the disk: a rename is not durable before.
func synchronizeFolder(of path: String) throws(FileError) {
    try synchronize(parent(of: path))
}

/// Brings one file or folder to the disk.
func synchronize(_ path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .writing(path: path, reason: systemReason()) }
    defer { close(descriptor) }
    // EINVAL: a file system that cannot do this for a folder, and has nothing to lose by it.
    guard fsync(descriptor) == 0 || errno == EINVAL else {
        throw .writing(path: path, reason: systemReason())
    }
}

/// Brings a folder with all that is in it to the disk.
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

/// Removes a folder of ours with all that is in it.
func removeTree(_ folder: String) {
    // Clearing up: whatever cannot be removed is left under a name that says it is temporary.
    try? FileManager.default.removeItem(atPath: folder)
}
