import Basics

/// A folder that holds what a model has beside its bases: the weights that differ and the files that
/// no base gives; `delta.json` says how to make the rest.
///
/// The bases are found and their digests are checked when it is opened. Files and weights are made
/// when they are asked for.
final class DeltaFolder: Sendable {
    static let fileName = "delta.json"
    /// The stored weights, under a name that no other program takes for a whole model.
    static let weightsName = "delta.safetensors"

    let description: DeltaDescription
    let bases: [CheckpointFolder]
    private let path: String
    private let texts: [String: DeltaDescription.Text]

    /// Opens the delta in a folder.
    init(_ path: String, _ places: BaseFolders = .current) throws {
        let file = path + "/" + Self.fileName
        let json: JSON
        do {
            json = try MappedFile(file).json()
        } catch let error as JSONError {
            throw DeltaError.malformed(file: file, problem: "\(error)")
        }
        let description = try DeltaDescription(json, source: file)
        self.path = path
        self.description = description
        texts = Dictionary(uniqueKeysWithValues: description.texts.map { ($0.name, $0.text) })
        bases = try description.bases.map { try $0.open(for: file, in: path, places) }
    }

    /// What is odd but harmless, one sentence each.
    var warnings: [String] { bases.flatMap(\.warnings) }

    /// All weights, of which the file at `path` stores some.
    func weights(_ path: String) throws -> DeltaWeights {
        try DeltaWeights(
            description.weights,
            stored: SafetensorsFile(path),
            bases: bases,
            file: self.path + "/" + Self.fileName
        )
    }

    /// Whether a file is made of a base's.
    func makes(_ name: String) -> Bool { texts[name] != nil }

    /// The names of the files that are made of bases'.
    var madeNames: [String] { description.texts.map(\.name) }

    /// A file that ``makes(_:)`` knows.
    ///
    /// - Throws: ``DeltaError/wrongText(path:)`` if it is not the one that was left out.
    func text(_ name: String) throws -> String {
        guard let text = texts[name] else { preconditionFailure("\(name) is not made") }
        let result: String
        do {
            guard let made = try Self.text(name, text.edit, of: bases[text.base]) else {
                throw DeltaProblem("the base has no \(name.quoted())")
            }
            result = made
        } catch let problem as DeltaProblem {
            throw DeltaError.malformed(
                file: path + "/" + Self.fileName,
                problem: "files.\(name.brief(160)): \(problem.text)"
            )
        }
        guard Self.digest(result) == text.sha256 else {
            throw DeltaError.wrongText(path: path + "/" + name)
        }
        return result
    }

    /// A base's file, edited; `nil` if the base has none.
    static func text(_ name: String, _ edit: JSONEdit?, of base: CheckpointFolder) throws -> String?
    {
        guard let edit else {
            guard let file = try base.file(name) else { return nil }
            guard let text = String(validating: file.bytes, as: UTF8.self) else {
                throw DeltaProblem("the base's \(name.quoted()) is no UTF-8 text")
            }
            return text
        }
        guard let json = try base.json(name) else { return nil }
        return try edit.applied(to: json).text(.indented) + "\n"
    }

    static func digest(_ text: String) -> String {
        var text = text
        return text.withUTF8 { SHA256.hex(of: UnsafeRawBufferPointer($0)) }
    }
}
