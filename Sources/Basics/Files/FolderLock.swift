#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The right to work in a folder, which one process has at a time.
///
/// It is an advisory lock on a hidden file of the folder: the system gives it back when the process
/// ends, however it ends.
package struct FolderLock: ~Copyable, Sendable {
    private let descriptor: Int32

    /// Takes the lock of an existing folder; `nil` if another process has it.
    package init?(_ folder: String) throws(FileError) {
        let path = folder + "/.lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw .cannotCreate(path: path, reason: systemReason())
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isTaken = errno == EWOULDBLOCK
            let reason = systemReason()
            if isTaken { return nil }
            throw .writing(path: path, reason: reason)
        }
    }

    deinit { close(descriptor) }
}
