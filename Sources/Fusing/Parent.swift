import Basics
package import Checkpoints
package import Decoders
import Foundation
import Layers
package import Vocabulary

/// One of the two checkpoints to fuse, opened and checked: each weight is there in its shape.
package struct Parent: Sendable {
    /// Which of the two it is.
    package enum Role: String, Sendable {
        /// The text LLM.
        case text
        /// The model of image tokens.
        case image
    }

    /// Which of the two it is.
    package let role: Role
    /// The opened folder.
    package let folder: CheckpointFolder
    /// The sizes.
    package let config: TowerConfig
    /// What the rows of its tables mean.
    package let tokenizer: Tokenizer
    /// The weights that the config calls for.
    package let parameters: [ParameterSpec]
    /// The weights of another network in the folder, which are carried along.
    let apart: [ParameterSpec]
    private let shapes: [String: [Int]]

    /// Opens a folder; the numbers themselves are not read.
    package init(_ path: String, as role: Role) throws {
        let folder = try CheckpointFolder(path)
        let reader = try folder.configReader()
        let family = try reader.string("model_type")
        guard Family.modelTypes.contains(family) else {
            throw FusionError.family(parent: path, found: family)
        }
        let config = try TowerConfig(reader)
        guard folder.has(CheckpointFolder.FileName.tokenizer) else {
            throw FusionError.noTokenizer(parent: path)
        }
        self.role = role
        self.folder = folder
        self.config = config
        tokenizer = try Tokenizer(contentsOf: URL(filePath: path))
        parameters = try ParameterStore.declaration { try Decoder(config, $0) }
        apart = folder.names.filter(config.isAuxiliary).map {
            ParameterSpec(name: $0, shape: folder.entry($0)?.shape ?? [], role: .kernel)
        }
        shapes = Dictionary(
            uniqueKeysWithValues: (parameters + apart).map { ($0.name, $0.shape) }
        )
        try folder.check(parameters + apart, mayLeaveOver: config.allowsUnused)
        try folder.checkRows(config.vocabularySize, forTokens: tokenizer.space.count)
    }

    /// The shape of a weight, `nil` if there is none of that name.
    func shape(of name: String) -> [Int]? { shapes[name] }

    /// The last part of the path.
    package var name: String {
        folder.path.split(separator: "/").last.map(String.init) ?? folder.path
    }

    /// The type that all weights have in common, if there is one.
    var format: FloatFormat? {
        let types = Set(parameters.compactMap { folder.entry($0.name)?.elementType })
        return types.count == 1 ? types.first.flatMap(FloatFormat.init) : nil
    }
}
