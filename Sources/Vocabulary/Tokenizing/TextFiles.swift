import Basics
import Checkpoints
import Foundation

/// The tokenizer files of a model, a folder or a GGUF file; a link that leads out of the folder is
/// an error.
struct TextFiles {
    private let model: URL
    /// `nil` if there is no such folder or file.
    private let files: CheckpointFiles?

    init(of model: URL) throws {
        self.model = model
        do {
            files = try CheckpointFiles(model.relativePath)
        } catch CheckpointError.noFolder {
            files = nil
        }
    }

    func path(of name: String) -> String {
        files?.path(of: name) ?? model.appending(path: name).relativePath
    }

    func has(_ name: String) -> Bool { files?.has(name) ?? false }

    /// Opens a file; `nil` if there is none.
    func open(_ name: String) throws -> MappedFile? { try files?.open(name) }

    /// A reader of a JSON file; `nil` if there is none.
    func reader(_ name: String) throws -> JSONReader? {
        try json(name).map { try JSONReader($0, source: path(of: name)) }
    }

    /// A JSON file; `nil` if there is none.
    func json(_ name: String) throws -> JSON? {
        // What a GGUF file stands for is not written as text first.
        if let files, files.isGGUF { return try files.json(name) }
        return try open(name).map(Self.json)
    }

    static func json(_ file: MappedFile) throws(TokenizerError) -> JSON {
        do {
            return try file.json()
        } catch {
            throw .malformed(file: file.path, error)
        }
    }
}
