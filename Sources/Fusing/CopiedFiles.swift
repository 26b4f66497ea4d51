import Basics
import Checkpoints
import Vocabulary

/// The files that the fused checkpoint takes from its parents: the text parent's tokenizer (or the
/// union of both) and generation settings, and the image parent's image tokenizer and its frame of
/// images.
struct CopiedFiles {
    private typealias FileName = CheckpointFolder.FileName

    private enum Content {
        case file(MappedFile)
        case text(String)
    }

    /// Paths from the folder, with what to write there.
    private var files: [(name: String, content: Content)] = []
    private let hasImageTokenizer: Bool

    init(of parents: Parents) throws {
        let union = parents.vocabulary.json.map { $0.text(.indented) + "\n" }
        if let union { files.append((FileName.tokenizer, .text(union))) }
        let isOlder = union == nil && !parents.text.folder.has(FileName.tokenizer)
        let names = FileName.text + (isOlder ? FileName.olderText : [])
        for name in names where union == nil || name != FileName.tokenizer {
            guard let file = try parents.text.folder.file(name) else { continue }
            files.append((name, .file(file)))
        }
        if let frame = try parents.imageFrame() {
            files.append((FileName.imageFrame, .text(frame.json.text(.indented) + "\n")))
        }
        hasImageTokenizer = parents.image.folder.has(FileName.imageTokenizer)
        guard hasImageTokenizer else { return }
        // Opened as a checkpoint of its own: the folder may be a link, but no file may lead out of
        // it.
        let path = parents.image.folder.path + "/" + FileName.imageTokenizer
        let folder = try CheckpointFolder(path)
        for name in try SideFiles.plainFiles(of: path) {
            guard let file = try folder.file(name) else { continue }
            files.append((FileName.imageTokenizer + "/" + name, .file(file)))
        }
    }

    /// The names of the copies, as paths from the folder.
    var names: [String] { files.map(\.name) }

    /// The bytes of all files.
    var byteCount: Int {
        files.reduce(0) { sum, file in
            switch file.content {
            case .file(let file): sum + file.bytes.count
            case .text(let text): sum + text.utf8.count
            }
        }
    }

    /// Writes the files into a folder.
    func write(to folder: String) throws {
        if hasImageTokenizer { try makeFolder(folder + "/" + FileName.imageTokenizer) }
        for (name, content) in files {
            let copy = try AtomicFile(folder + "/" + name)
            switch content {
            case .file(let file): try copy.write(contentsOf: file)
            case .text(let text): try copy.write(text)
            }
            try copy.commit(toDisk: false)
        }
    }
}
