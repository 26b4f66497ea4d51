import Basics

/// The bases of deltas, with the digests of their values that were needed so far.
package final class DeltaBases: Sendable {
    let opened: [CheckpointFolder]
    let descriptions: [DeltaBase]
    let index: BaseIndex

    private init(_ opened: [CheckpointFolder], _ descriptions: [DeltaBase]) {
        self.opened = opened
        self.descriptions = descriptions
        index = BaseIndex(opened)
    }

    /// Opens whole models: folders or GGUF files.
    ///
    /// - Parameters:
    ///   - paths: where they lie.
    ///   - sources: where to get each, for people.
    ///   - folder: the folder of the delta to write, from where they are also looked for; `nil` to
    ///     look for their names only.
    ///   - folders: where bases are looked for by name; those there need no other place.
    /// - Throws: what is wrong with one of them.
    package convenience init(
        _ paths: [String],
        sources: [String?] = [],
        seenFrom folder: String? = nil,
        lookedForIn folders: BaseFolders = .current
    ) throws {
        let opened = try paths.map { try CheckpointFolder($0, deltas: .refused) }
        let descriptions = try zip(paths, opened).enumerated().map { index, pair in
            var path = pair.0
            while path.count > 1, path.hasSuffix("/") { path.removeLast() }
            return DeltaBase(
                name: path.split(separator: "/").last.map(String.init) ?? path,
                isFile: try CheckpointFiles(path, deltas: .refused).isGGUF,
                files: try Manifest.describe(pair.1.usedFiles, in: path),
                path: folders.contain(path) ? nil : folder.map { RelativePath.of(path, from: $0) },
                source: index < sources.count ? sources[index] : nil
            )
        }
        self.init(opened, descriptions)
    }

    /// The bases of a delta, for one in another folder; `nil` if the model is none.
    package convenience init?(of model: CheckpointFolder, seenFrom folder: String) {
        guard let delta = model.delta else { return nil }
        let descriptions = delta.description.bases.map { base in
            var base = base
            base.path = base.path.map { RelativePath.of(model.path + "/" + $0, from: folder) }
            return base
        }
        self.init(delta.bases, descriptions)
    }
}
