package import Basics

extension Manifest {
    package var json: JSON {
        [
            "format_version": .integer(Self.formatVersion),
            "jam_version": .string(jamVersion),
            "command": .string(command),
            "method": .string(method),
            "options": .object(options),
            "inputs": .array(
                inputs.map { ["name": .string($0.name), "files": Self.json(of: $0.files)] }
            ),
            "files": Self.json(of: files),
        ]
    }

    /// Reads the JSON of the file `source`.
    package init(_ json: JSON, source: String) throws {
        let reader = try JSONReader(json, source: source)
        let version = try reader.integer("format_version")
        guard version == Self.formatVersion else {
            throw reader.failure(
                "format_version",
                "\(version) is not known; this jam reads version \(Self.formatVersion)"
            )
        }
        self.init(
            jamVersion: try reader.string("jam_version"),
            command: try reader.string("command"),
            method: try reader.string("method"),
            options: try reader.nested("options").object,
            inputs: try reader.objects("inputs").map { input in
                Input(name: try input.string("name"), files: try Self.files(in: input))
            },
            files: try Self.files(in: reader)
        )
    }

    private static func json(of files: [File]) -> JSON {
        .array(
            files.map { file in
                var object: JSON.Object = [
                    "name": .string(file.name), "size": .integer(file.byteCount),
                ]
                object["sha256"] = file.sha256.map(JSON.string)
                return .object(object)
            }
        )
    }

    private static func files(in reader: JSONReader) throws -> [File] {
        try reader.objects("files").map { file in
            let name = try file.string("name")
            guard CheckpointFiles.isInside(name) else {
                throw file.failure("name", "a plain file name is expected")
            }
            return File(
                name: name,
                byteCount: try file.integer("size", atLeast: 0),
                sha256: file.has("sha256") ? try file.string("sha256") : nil
            )
        }
    }
}
