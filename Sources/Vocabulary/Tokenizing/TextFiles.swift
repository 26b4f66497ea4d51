import Basics
import Foundation

/// The files of a model folder that are about text, by name; none may be a link out of the folder.
struct TextFiles {
    private let folder: URL
    private let bounds: FolderBounds?

    /// Looks at a folder; in one that is not there, no file is.
    init(of folder: URL) {
        self.folder = folder
        bounds = FolderBounds(folder.relativePath)
    }

    /// The path of a file, from where the folder was named from.
    func path(of name: String) -> String { folder.appending(path: name).relativePath }

    /// Opens a file; `nil` if it is not there.
    func open(_ name: String) throws(FileError) -> MappedFile? {
        let path = path(of: name)
        guard try bounds?.contains(path) == true else { return nil }
        return try MappedFile(path)
    }

    /// A reader of a JSON file; `nil` if it is not there.
    func reader(_ name: String) throws -> JSONReader? {
        guard let file = try open(name) else { return nil }
        return try JSONReader(Self.json(file), source: file.path)
    }

    /// The content of a JSON file.
    static func json(_ file: MappedFile) throws(TokenizerError) -> JSON {
        do {
            return try file.json()
        } catch {
            throw .malformed(file: file.path, error)
        }
    }
}
