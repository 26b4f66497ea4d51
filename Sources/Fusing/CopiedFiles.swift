import Basics
import Checkpoints
import Foundation
import Vocabulary

/// The files of the parents that the fused checkpoint takes over: the text parent's tokenizer, or
/// the union of both, and settings of generation, the image parent's image tokenizer.
struct CopiedFiles {
    private let files: [(name: String, file: MappedFile)]
    /// The `tokenizer.json` of a union, in place of the text parent's.
    private let tokenizer: String?
    private let imageFiles: [(name: String, file: MappedFile)]

    /// Opens what is there.
    init(of parents: Parents) throws {
        tokenizer = parents.union.map { $0.json.text(.indented) + "\n" }
        let replaced = tokenizer == nil ? nil : CheckpointFolder.FileName.tokenizer
        files = try CheckpointFolder.FileName.text.filter { $0 != replaced }.compactMap { name in
            try parents.text.folder.file(name).map { (name, $0) }
        }
        let path = parents.image.folder.path + "/" + CheckpointFolder.FileName.imageTokenizer
        guard parents.image.folder.has(CheckpointFolder.FileName.imageTokenizer) else {
            imageFiles = []
            return
        }
        // Opened as a checkpoint of its own: the folder may be a link, its files may not lead out.
        let folder = try CheckpointFolder(path)
        imageFiles = try Self.plainFiles(of: path).compactMap { name in
            try folder.file(name).map { (name, $0) }
        }
    }

    /// The names of the copies, as paths from the folder.
    var names: [String] {
        (tokenizer == nil ? [] : [CheckpointFolder.FileName.tokenizer]) + files.map(\.name)
            + imageFiles.map { CheckpointFolder.FileName.imageTokenizer + "/" + $0.name }
    }

    /// The bytes of all files.
    var byteCount: Int {
        (files + imageFiles).reduce(tokenizer?.utf8.count ?? 0) { $0 + $1.file.bytes.count }
    }

    /// Writes the files into a folder.
    func write(to folder: String) throws {
        if let tokenizer {
            try AtomicFile.write(tokenizer, to: folder + "/" + CheckpointFolder.FileName.tokenizer)
        }
        for (name, file) in files { try Self.copy(file, to: folder + "/" + name) }
        guard !imageFiles.isEmpty else { return }
        let inner = folder + "/" + CheckpointFolder.FileName.imageTokenizer
        try makeFolder(inner)
        for (name, file) in imageFiles { try Self.copy(file, to: inner + "/" + name) }
    }

    private static func copy(_ file: MappedFile, to path: String) throws(FileError) {
        let copy = try AtomicFile(path)
        try copy.write(contentsOf: file)
        try copy.commit(toDisk: false)
    }

    /// The names of what is neither a folder nor hidden, sorted.
    private static func plainFiles(of path: String) throws -> [String] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw FileError.unreadable(path: path, reason: error.localizedDescription)
        }
        return names.sorted().filter { name in
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(
                atPath: path + "/" + name,
                isDirectory: &isFolder
            )
            return exists && !isFolder.boolValue && CheckpointFolder.isPlainName(name)
                && !name.hasPrefix(".")
        }
    }
}
