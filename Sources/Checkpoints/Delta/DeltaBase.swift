import Basics

/// A model that a delta needs beside itself: a GGUF file, or a folder.
struct DeltaBase: Sendable, Equatable {
    /// The last part of its path.
    let name: String
    /// Whether it is a file, not a folder.
    let isFile: Bool
    /// The file, or those in the folder that are read.
    let files: [Manifest.File]
    /// Where it lies, from the delta's folder; `nil` to look for its name only.
    var path: String?
    /// Where to get it, for people.
    var source: String?

    /// The bytes of all files; `Int.max` where that would not fit.
    var byteCount: Int {
        files.reduce(0) { sum, file in
            let (bytes, overflows) = sum.addingReportingOverflow(file.byteCount)
            return overflows ? Int.max : bytes
        }
    }

    var json: JSON {
        var object: JSON.Object = ["name": .string(name)]
        object["path"] = path.map(JSON.string)
        object["source"] = source.map(JSON.string)
        if isFile {
            for (key, value) in Self.json(of: files[0]) { object[key] = value }
        } else {
            object["files"] = .array(
                files.map { file in
                    var object: JSON.Object = ["name": .string(file.name)]
                    for (key, value) in Self.json(of: file) { object[key] = value }
                    return .object(object)
                }
            )
        }
        return .object(object)
    }

    private static func json(of file: Manifest.File) -> [(String, JSON)] {
        [("size", .integer(file.byteCount)), ("sha256", .string(file.sha256 ?? ""))]
    }
}

extension DeltaBase {
    init(_ reader: JSONReader) throws {
        name = try Self.plainName(in: reader)
        path = reader.has("path") ? try Self.relativePath(in: reader) : nil
        source = reader.has("source") ? try reader.string("source") : nil
        isFile = !reader.has("files")
        files =
            isFile
            ? [try Self.file(name, in: reader)]
            : try reader.objects("files").map { try Self.file(Self.plainName(in: $0), in: $0) }
        guard !files.isEmpty else { throw reader.failure("files", "at least one is expected") }
    }

    private static func plainName(in reader: JSONReader) throws(JSONFieldError) -> String {
        let name = try reader.string("name")
        guard CheckpointFiles.isPlainName(name) else {
            throw reader.failure("name", "\(name.quoted()) is no plain file name")
        }
        return name
    }

    private static func relativePath(in reader: JSONReader) throws(JSONFieldError) -> String {
        let path = try reader.string("path")
        guard !path.isEmpty, !path.hasPrefix("/"), !path.utf8.contains(0) else {
            throw reader.failure("path", "\(path.quoted()) is no path from the folder of the delta")
        }
        return path
    }

    private static func file(_ name: String, in reader: JSONReader) throws -> Manifest.File {
        let digest = try reader.string("sha256")
        guard digest.wholeMatch(of: /[0-9a-f]{64}/) != nil else {
            throw reader.failure("sha256", "\(digest.quoted()) is no SHA-256 of 64 digits 0-9, a-f")
        }
        let size = try reader.integer("size", atLeast: 0)
        return Manifest.File(name: name, byteCount: size, sha256: digest)
    }
}
