package import Basics

extension Manifest {
    /// Reads the files `names` of a folder and states what they are, in the order given.
    ///
    /// - Parameters:
    ///   - names: paths from the folder.
    ///   - folder: the path of the folder.
    ///   - takingDigest: whether the whole of a file is read for its digest; what is not read is
    ///     stated by its size alone.
    /// - Returns: the files in the order of `names`.
    /// - Throws: `FileError` where a file is missing or cannot be read.
    package static func describe(
        _ names: [String],
        in folder: String,
        takingDigest: (String) -> Bool = { _ in true }
    ) throws -> [File] {
        let files = try FolderFiles(folder)
        return try names.map { name in
            guard let file = try files.open(name) else {
                throw FileError.missing(path: files.path(of: name))
            }
            return File(
                name: name,
                byteCount: file.bytes.count,
                sha256: takingDigest(name) ? try SHA256.hex(of: file) : nil
            )
        }
    }

    /// Writes the manifest into a folder.
    package func write(to folder: String) throws(FileError) {
        try AtomicFile.write(json.text(.indented) + "\n", to: folder + "/" + Self.fileName)
    }

    /// Makes sure that the files of a folder are those that the manifest states, by their sizes
    /// and digests; files that it does not state are ignored.
    package func verify(_ folder: String) throws {
        let found = try FolderFiles(folder)
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
    /// A file is not there.
    case missing(path: String)
    /// A file has another size.
    case size(path: String, found: Int, expected: Int)
    /// A file has the right size but other bytes.
    case digest(path: String)

    package var kind: ErrorKind { .malformedInput }

    /// Which file differs, and how.
    package var description: String {
        switch self {
        case .missing(let path): "\(path): is missing, but \(Manifest.fileName) states it"
        case .size(let path, let found, let expected):
            "\(path): has \(found) bytes, but \(Manifest.fileName) states \(expected)"
        case .digest(let path):
            "\(path): is damaged or was changed: its digest is not that in \(Manifest.fileName)"
        }
    }
}
