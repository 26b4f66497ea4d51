package import Basics
internal import Synchronization

extension Manifest {
    /// Where the digest of a file comes from.
    package enum DigestSource {
        /// The file, which is read.
        case file
        /// Its writer.
        case known(String)
        /// Nowhere: the file is described by its size alone.
        case none
    }

    /// Describes files of some folders; they are hashed on all cores.
    ///
    /// - Parameters:
    ///   - folders: the paths of the folders, and paths of files from there.
    ///   - digest: where a file's digest comes from, by its folder's index and its name; all are read
    ///     for it by default.
    /// - Returns: the files of each folder in the order of their names.
    /// - Throws: `FileError` where a file is missing or cannot be read.
    package static func describe(
        _ folders: [(path: String, names: [String])],
        digest: @escaping @Sendable (_ folder: Int, _ name: String) -> DigestSource = { _, _ in
            .file
        }
    ) throws -> [[File]] {
        let jobs = try folders.enumerated().flatMap { index, folder in
            let files = try CheckpointFiles(folder.path, deltas: .ignored)
            return folder.names.map { (folder: index, files: files, name: $0) }
        }
        let found = Mutex<[Int: File]>([:])
        try inParallel(jobs.count) { index in
            let (folder, files, name) = jobs[index]
            guard let file = try files.open(name) else {
                throw FileError.missing(path: files.path(of: name))
            }
            let sha256: String? =
                switch digest(folder, name) {
                case .file: try SHA256.hex(of: file)
                case .known(let known): known
                case .none: nil
                }
            let described = File(name: name, byteCount: file.bytes.count, sha256: sha256)
            found.withLock { $0[index] = described }
        }
        let described = found.withLock { $0 }
        return folders.indices.map { folder in
            jobs.indices.filter { jobs[$0].folder == folder }.compactMap { described[$0] }
        }
    }

    /// Describes files of one folder; see ``describe(_:digest:)``.
    package static func describe(_ names: [String], in folder: String) throws -> [File] {
        try describe([(folder, names)]).flatMap { $0 }
    }

    package func write(to folder: String) throws(FileError) {
        try AtomicFile.write(json.text(.indented) + "\n", to: folder + "/" + Self.fileName)
    }

    /// Compares the files of a folder with the sizes and digests of the manifest; other files are
    /// ignored.
    package func verify(_ folder: String) throws {
        let found = try CheckpointFiles(folder, deltas: .ignored)
        for expected in files {
            let path = found.path(of: expected.name)
            guard let file = try found.open(expected.name) else {
                throw ManifestError.missing(path: path)
            }
            guard file.bytes.count == expected.byteCount else {
                throw ManifestError.size(
                    path: path,
                    found: file.bytes.count,
                    expected: expected.byteCount
                )
            }
            if let digest = expected.sha256, try SHA256.hex(of: file) != digest {
                throw ManifestError.digest(path: path)
            }
        }
    }
}

/// How a checkpoint differs from its manifest.
package enum ManifestError: UserError, Equatable {
    case missing(path: String)
    case size(path: String, found: Int, expected: Int)
    case digest(path: String)

    package var kind: ErrorKind { .malformedInput }

    package var description: String {
        switch self {
        case .missing(let path): "\(path): is missing, but listed in \(Manifest.fileName)"
        case .size(let path, let found, let expected):
            "\(path): has \(found) bytes; \(Manifest.fileName) says \(expected)"
        case .digest(let path):
            "\(path): is damaged or was changed: its digest differs from that in \(Manifest.fileName)"
        }
    }
}
