import Basics
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The files of one folder; links that lead out of it are refused.
struct FolderFiles: Sendable {
    private let folder: String
    private let bounds: FolderBounds

    init(_ folder: String) throws(CheckpointError) {
        var status = stat()
        guard stat(folder, &status) == 0, let bounds = FolderBounds(folder) else {
            throw .noFolder(path: folder)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .notFolder(path: folder) }
        self.folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        self.bounds = bounds
    }

    static func isPlainName(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".."
            && !name.utf8.contains { [UInt8(ascii: "/"), UInt8(ascii: "\\"), 0].contains($0) }
    }

    /// Whether a name is that of a file in a folder or in one of its subfolders.
    static func isInside(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.count <= 2 && parts.allSatisfy { isPlainName(String(Substring($0))) }
    }

    func path(of name: String) -> String {
        precondition(Self.isInside(name), "\(name) is not the name of a file in a folder")
        return folder == "/" ? "/" + name : folder + "/" + name
    }

    func has(_ name: String) -> Bool { access(path(of: name), F_OK) == 0 }

    /// The path of a file that does not lead out of the folder; `nil` if it is missing.
    func checkedPath(of name: String) throws(FileError) -> String? {
        let path = path(of: name)
        return try bounds.contains(path) ? path : nil
    }

    func open(_ name: String) throws -> MappedFile? {
        try checkedPath(of: name).map { try MappedFile($0) }
    }

    func json(_ name: String) throws -> JSON? {
        guard let file = try open(name) else { return nil }
        do {
            return try file.json()
        } catch {
            throw CheckpointError.malformed(file: path(of: name), problem: "\(error)")
        }
    }

    func requiredJSON(_ name: String) throws -> JSON {
        guard let json = try json(name) else {
            throw CheckpointError.missingFile(path: folder, file: name)
        }
        return json
    }

    /// The error for a folder without weights, with the reason if there is one.
    func missingWeights() -> CheckpointError {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        if names.contains(where: { $0.wholeMatch(of: /model-\d+-of-\d+\.safetensors/) != nil }) {
            return .missingFile(path: folder, file: CheckpointFolder.FileName.index)
        }
        let pickle = names.sorted().first { name in
            name.wholeMatch(of: /pytorch_model.*|model\.(bin|pt|pth)|consolidated.*\.pth|.*\.ckpt/)
                != nil
        }
        if let pickle { return .onlyPickles(path: folder, file: pickle) }
        return .missingFile(path: folder, file: CheckpointFolder.FileName.weights)
    }
}
