package import Basics
import Foundation

/// The files of a model besides its config, its weights and its manifest: tokenizer, templates,
/// frame of images, model card, and those in `image_tokenizer`.
package struct SideFiles: Sendable {
    private typealias FileName = CheckpointFolder.FileName

    /// The names, as paths from the folder, with the content; a file in memory where it is made.
    package let files: [(name: String, file: MappedFile)]

    /// Opens the files of a model.
    ///
    /// - Throws: `FileError` for a file that cannot be read or a link that leads out.
    package init(of path: String) throws {
        let opened = try CheckpointFiles(path)
        guard !opened.isGGUF else {
            files = try FileName.text.compactMap { name in
                try opened.open(name).map { (name, $0) }
            }
            return
        }
        let made = opened.delta?.madeNames ?? []
        let names = try Self.plainFiles(of: path).filter { !Self.isOwn($0) }
        var files = try (names + made).sorted().compactMap { name in
            try opened.open(name).map { (name: name, file: $0) }
        }
        // Opened as a folder of its own: it may be a link, but no file may lead out of it.
        let inner = path + "/" + FileName.imageTokenizer
        if FileManager.default.fileExists(atPath: inner) {
            let opened = try CheckpointFiles(inner, deltas: .ignored)
            for name in try Self.plainFiles(of: inner) {
                guard let file = try opened.open(name) else { continue }
                files.append((FileName.imageTokenizer + "/" + name, file))
            }
        }
        self.files = files
    }

    /// Writes files into a folder.
    package func write(
        to folder: String,
        where isWanted: (String) -> Bool = { _ in true }
    ) throws {
        let wanted = files.filter { isWanted($0.name) }
        if wanted.contains(where: { $0.name.contains("/") }) {
            try makeFolder(folder + "/" + FileName.imageTokenizer)
        }
        for (name, file) in wanted {
            let copy = try AtomicFile(folder + "/" + name)
            try copy.write(contentsOf: file)
            try copy.commit(toDisk: false)
        }
    }

    /// Whether a file is config, weights or a description of them.
    private static func isOwn(_ name: String) -> Bool {
        [FileName.config, FileName.index, Manifest.fileName, DeltaFolder.fileName].contains(name)
            || name.hasSuffix(".safetensors")
    }

    /// The names of what is neither a folder nor hidden, sorted.
    package static func plainFiles(of path: String) throws(FileError) -> [String] {
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
            return exists && !isFolder.boolValue && CheckpointFiles.isPlainName(name)
                && !name.hasPrefix(".")
        }
    }
}
