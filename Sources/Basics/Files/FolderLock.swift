import Foundation

/// A lock that one process at a time has on a folder.
///
/// An advisory lock on a hidden file: the system releases it when the process ends.
package struct FolderLock: ~Copyable, Sendable {
    private let descriptor: Int32

    /// Locks an existing folder; `nil` if another process has the lock.
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
