package import Basics
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The files of a model: those of a folder, those that a GGUF file stands for, or those of a delta
/// and those that it makes of its bases' files.
///
/// In a folder, links that lead out of it are refused.
package struct CheckpointFiles: Sendable {
    private enum Place {
        case folder(FolderBounds)
        case gguf(GGUFFolder)
        case delta(FolderBounds, DeltaFolder)
    }

    let path: String
    private let place: Place

    /// Opens a folder, or a GGUF file, of which the header is checked.
    ///
    /// - Throws: `CheckpointError` if there is neither, `GGUFError` if a GGUF file is malformed,
    ///   `DeltaError` if a delta is malformed or lacks its base.
    package init(_ path: String) throws { try self.init(path, deltas: .opened) }

    /// What becomes of a folder that is a delta.
    enum DeltaReading {
        /// Its bases are opened, which must be there.
        case opened
        /// It is an error: the base of a delta is none.
        case refused
        /// It is a folder of the files that are in it.
        case ignored
    }

    init(_ path: String, deltas: DeltaReading) throws {
        var status = stat()
        guard stat(path, &status) == 0, let bounds = FolderBounds(path) else {
            throw CheckpointError.noFolder(path: path)
        }
        if status.st_mode & S_IFMT == S_IFDIR {
            self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
            guard deltas != .ignored,
                try bounds.contains(self.path + "/" + DeltaFolder.fileName)
            else {
                place = .folder(bounds)
                return
            }
            guard deltas == .opened else { throw DeltaError.baseIsDelta(path: path) }
            let delta = try DeltaFolder(self.path)
            for name in delta.madeNames {
                let path = self.path + "/" + name
                guard try !bounds.contains(path) else { throw DeltaError.storedTwice(path: path) }
            }
            place = .delta(bounds, delta)
        } else {
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw CheckpointError.notFolder(path: path)
            }
            let file = try MappedFile(path)
            guard Self.isGGUF(file) else {
                throw CheckpointError.notFolder(path: path)
            }
            self.path = path
            place = .gguf(try GGUFFolder(file))
        }
    }

    /// Whether there is a folder or a GGUF file at a path, and not another file or nothing.
    package static func isModel(_ path: String) throws -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        if status.st_mode & S_IFMT == S_IFDIR { return true }
        guard status.st_mode & S_IFMT == S_IFREG else { return false }
        return isGGUF(try MappedFile(path))
    }

    private static func isGGUF(_ file: MappedFile) -> Bool {
        withExtendedLifetime(file) {
            GGUFFile.begins(file.bytes) || file.path.hasSuffix(".gguf")
        }
    }

    /// The GGUF file, if it is one.
    var gguf: GGUFFolder? {
        if case .gguf(let file) = place { file } else { nil }
    }

    /// The delta, if it is one.
    var delta: DeltaFolder? {
        if case .delta(_, let delta) = place { delta } else { nil }
    }

    package var isGGUF: Bool { gguf != nil }

    package var isDelta: Bool { delta != nil }

    static func isPlainName(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".."
            && !name.utf8.contains { [UInt8(ascii: "/"), UInt8(ascii: "\\"), 0].contains($0) }
    }

    /// Whether a name is that of a file in a folder or in one of its subfolders.
    static func isInside(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.count <= 2 && parts.allSatisfy { isPlainName(String(Substring($0))) }
    }

    /// The path of a file, for messages; in a GGUF file, `model.gguf:config.json`.
    package func path(of name: String) -> String {
        precondition(Self.isInside(name), "\(name) is not the name of a file in a folder")
        if let gguf { return name == gguf.fileName ? path : path + ":" + name }
        return path == "/" ? "/" + name : path + "/" + name
    }

    package func has(_ name: String) -> Bool {
        if let gguf { return gguf.has(name) }
        if let delta, delta.makes(name) { return true }
        return access(path(of: name), F_OK) == 0
    }

    /// The path of a file that does not lead out of the folder; `nil` if it is missing.
    func checkedPath(of name: String) throws(FileError) -> String? {
        let bounds: FolderBounds
        switch place {
        case .folder(let folder), .delta(let folder, _): bounds = folder
        case .gguf: return nil
        }
        let path = path(of: name)
        return try bounds.contains(path) ? path : nil
    }

    /// Opens a file; `nil` if it is missing.
    package func open(_ name: String) throws -> MappedFile? {
        if let delta, delta.makes(name) {
            return MappedFile(path(of: name), content: try delta.text(name))
        }
        guard let gguf else { return try checkedPath(of: name).map { try MappedFile($0) } }
        if name == gguf.fileName { return gguf.file.content }
        return try gguf.text(name).map { MappedFile(path(of: name), content: $0) }
    }

    package func json(_ name: String) throws -> JSON? {
        if let gguf { return try gguf.json(name) }
        guard let file = try open(name) else { return nil }
        do {
            return try file.json()
        } catch {
            throw CheckpointError.malformed(file: path(of: name), problem: "\(error)")
        }
    }

    func requiredJSON(_ name: String) throws -> JSON {
        guard let json = try json(name) else {
            throw CheckpointError.missingFile(path: path, file: name)
        }
        return json
    }

    /// The error for a folder without weights, with the reason if there is one.
    func missingWeights() -> CheckpointError {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        if names.contains(where: { $0.wholeMatch(of: /model-\d+-of-\d+\.safetensors/) != nil }) {
            return .missingFile(path: path, file: CheckpointFolder.FileName.index)
        }
        let pickle = names.sorted().first { name in
            name.wholeMatch(of: /pytorch_model.*|model\.(bin|pt|pth)|consolidated.*\.pth|.*\.ckpt/)
                != nil
        }
        if let pickle { return .onlyPickles(path: path, file: pickle) }
        return .missingFile(path: path, file: CheckpointFolder.FileName.weights)
    }
}
