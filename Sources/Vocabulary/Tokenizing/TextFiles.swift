import Basics
import Foundation

/// The tokenizer files of a model folder; a link that leads out of the folder is an error.
struct TextFiles {
    private let folder: URL
    private let bounds: FolderBounds?

    init(of folder: URL) {
        self.folder = folder
        bounds = FolderBounds(folder.relativePath)
    }

    func path(of name: String) -> String { folder.appending(path: name).relativePath }

    /// Opens a file; `nil` if there is none.
    func open(_ name: String) throws(FileError) -> MappedFile? {
        let path = path(of: name)
        guard try bounds?.contains(path) == true else { return nil }
        return try MappedFile(path)
    }

    /// A reader of a JSON file; `nil` if there is none.
    func reader(_ name: String) throws -> JSONReader? {
        guard let file = try open(name) else { return nil }
        return try JSONReader(Self.json(file), source: file.path)
    }

    static func json(_ file: MappedFile) throws(TokenizerError) -> JSON {
        do {
            return try file.json()
        } catch {
            throw .malformed(file: file.path, error)
        }
    }
}
