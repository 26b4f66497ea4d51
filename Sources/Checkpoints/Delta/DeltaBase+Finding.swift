import Basics
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension DeltaBase {
    /// Opens the base: from its path, or in the first of `places` that has it.
    ///
    /// Size and digest of each of its files are checked.
    ///
    /// - Parameters:
    ///   - file: the description of the delta, for messages.
    ///   - folder: the folder of the delta.
    ///   - places: where to look besides.
    /// - Returns: the base.
    /// - Throws: ``DeltaError/missingBase(file:base:places:others:source:)`` where no place has it.
    func open(for file: String, in folder: String, _ places: BaseFolders) throws
        -> CheckpointFolder
    {
        var candidates = places.paths.map { $0 + "/" + name }
        if let path { candidates.insert(folder + "/" + path, at: 0) }
        var others: [String] = []
        for candidate in candidates where access(candidate, F_OK) == 0 {
            if let problem = try difference(of: candidate) {
                others.append("\(candidate) \(problem)")
                continue
            }
            return try CheckpointFolder(candidate, deltas: .refused)
        }
        throw DeltaError.missingBase(
            file: file,
            base: "\(name.quoted()) (\(byteCount) bytes)",
            places: (path.map { [folder + "/" + $0] } ?? []) + places.paths,
            others: others,
            source: source
        )
    }

    /// In what the model at a path is not this one; `nil` if it is.
    private func difference(of path: String) throws -> String? {
        var status = stat()
        guard stat(path, &status) == 0, (status.st_mode & S_IFMT == S_IFREG) == isFile else {
            return isFile ? "is no file" : "is no folder"
        }
        for file in files {
            let place = isFile ? path : path + "/" + file.name
            let what = isFile ? "" : "has a file \(file.name.quoted()) that "
            guard access(place, F_OK) == 0 else { return "lacks the file \(file.name.quoted())" }
            let mapped = try MappedFile(place)
            guard mapped.bytes.count == file.byteCount else {
                return "\(what)has \(mapped.bytes.count) bytes, and \(file.byteCount) are expected"
            }
            guard try FileDigests.digest(of: mapped) == file.sha256 else {
                return "\(what)has another SHA-256 than \(file.sha256 ?? "")"
            }
        }
        return nil
    }
}

/// The digests of large files that this process has read.
///
/// A command opens a model several times, for its weights and its tokenizer.
private enum FileDigests {
    private struct Key: Hashable {
        let device: UInt64
        let inode: UInt64
        let size: Int64
        let seconds: Int
        let nanoseconds: Int
    }

    private static let known = Mutex<[Key: String]>([:])

    static func digest(of file: MappedFile) throws(FileError) -> String {
        guard let key = key(of: file.path) else { return try SHA256.hex(of: file) }
        if let digest = known.withLock({ $0[key] }) { return digest }
        let digest = try SHA256.hex(of: file)
        known.withLock { $0[key] = digest }
        return digest
    }

    /// What changes when the content does; `nil` if the file is gone.
    private static func key(of path: String) -> Key? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        return Key(
            device: UInt64(status.st_dev),
            inode: UInt64(status.st_ino),
            size: Int64(status.st_size),
            seconds: time.tv_sec,
            nanoseconds: time.tv_nsec
        )
    }
}
