import Basics

/// `delta.json`: what a delta needs beside its stored weights, and what it makes of that.
struct DeltaDescription: Sendable {
    static let formatVersion = 1

    /// A file that is made of a base's file of the same name.
    struct Text: Sendable {
        let base: Int
        /// The digest of the result.
        let sha256: String
        /// `nil` if it is the base's file as it is.
        let edit: JSONEdit?
    }

    let bases: [DeltaBase]
    /// The weights that are not stored as they are.
    let weights: [(name: String, rule: DeltaRule)]
    let texts: [(name: String, text: Text)]
}

extension DeltaDescription {
    /// Reads the JSON of the file `source`.
    init(_ json: JSON, source: String) throws {
        let reader = try JSONReader(json, source: source)
        let version = try reader.integer("format_version")
        guard version == Self.formatVersion else {
            throw reader.failure(
                "format_version",
                "\(version) is not known; this jam reads version \(Self.formatVersion)"
            )
        }
        let bases = try reader.objects("bases").map(DeltaBase.init)
        let ofWeights = try reader.nested("weights")
        weights = try ofWeights.object.keys.map { name in
            (name, try DeltaRule(ofWeights.nested(name), baseCount: bases.count))
        }
        let ofFiles = try reader.nested("files")
        texts = try ofFiles.object.keys.map { name in
            guard CheckpointFiles.isPlainName(name), name != CheckpointFolder.FileName.config else {
                throw ofFiles.failure(name, "is no file that a base may give")
            }
            return (name, try Text(ofFiles.nested(name), baseCount: bases.count))
        }
        try reader.finish()
        self.bases = bases
    }

    var json: JSON {
        var ofWeights = JSON.Object()
        for (name, rule) in weights { ofWeights[name] = rule.json }
        var ofFiles = JSON.Object()
        for (name, text) in texts { ofFiles[name] = text.json }
        return [
            "format_version": .integer(Self.formatVersion),
            "bases": .array(bases.map(\.json)),
            "weights": .object(ofWeights),
            "files": .object(ofFiles),
        ]
    }
}

extension DeltaDescription.Text {
    fileprivate init(_ reader: JSONReader, baseCount: Int) throws {
        guard baseCount > 0 else { throw reader.failure("base", "there are no bases") }
        base = try reader.integer("base", atLeast: 0, atMost: baseCount - 1)
        sha256 = try reader.string("sha256")
        edit = reader.has("edit") ? try JSONEdit(reader.nested("edit")) : nil
    }

    fileprivate var json: JSON {
        var object: JSON.Object = ["base": .integer(base), "sha256": .string(sha256)]
        object["edit"] = edit?.json
        return .object(object)
    }
}
