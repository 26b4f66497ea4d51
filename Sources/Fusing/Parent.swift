import Basics
package import Checkpoints
package import Decoders
import Foundation
import Layers
package import Vocabulary

/// One of the two checkpoints to fuse, opened and checked: each weight is there in its shape.
package struct Parent: Sendable {
    /// Which of the two a parent is.
    package enum Role: String, Sendable {
        /// The text LLM.
        case text
        /// The model of image tokens.
        case image
    }

    package let role: Role
    package let folder: CheckpointFolder
    package let config: TowerConfig
    package let tokenizer: Tokenizer
    /// The weights that the config requires.
    let parameters: [ParameterSpec]
    /// The weights of another network in the folder, which the fused folder keeps.
    let auxiliary: [ParameterSpec]
    private let weights: [String: ParentWeight]

    /// Opens a folder; of the weights only the headers are read.
    init(_ path: String, as role: Role, _ nonFinite: NonFiniteWeights) throws {
        let checkpoint = try CheckpointFolder(path)
        let reader = try checkpoint.configReader()
        let family = try reader.string("model_type")
        guard Family.modelTypes.contains(family) else {
            throw FusionError.family(parent: path, found: family)
        }
        let opened = try DecoderFolder(checkpoint)
        let folder = opened.folder
        guard case .tower(let config) = opened.config else {
            throw FusionError.family(parent: path, found: family)
        }
        let url = URL(filePath: path)
        guard try Tokenizer.isThere(in: url) else {
            throw FusionError.noTokenizer(parent: path)
        }
        self.role = role
        self.folder = folder
        self.config = config
        tokenizer = try Tokenizer(contentsOf: url).limited(to: config.vocabularySize)
        parameters = try ParameterStore.declaration { try Decoder(config, $0) }
        auxiliary = folder.names.filter(config.isAuxiliary).map {
            ParameterSpec(name: $0, shape: folder.entry($0)?.shape ?? [], role: .kernel)
        }
        try folder.check(parameters + auxiliary, allowingUnused: config.allowsUnused)
        try folder.checkRows(config.vocabularySize, forTokens: tokenizer.space.count)
        let entries = (parameters + auxiliary).compactMap { folder.entry($0.name) }
        weights = Dictionary(
            uniqueKeysWithValues: entries.map {
                ($0.name, ParentWeight($0, of: role, in: folder, nonFinite))
            }
        )
    }

    /// What is odd about its files, one sentence each.
    var warnings: [String] { folder.warnings + tokenizer.warnings }

    func weight(_ name: String) throws(FusionError) -> ParentWeight {
        guard let weight = weights[name] else {
            throw .inconsistent(name: name, problem: "reads what the \(role.rawValue) parent lacks")
        }
        return weight
    }

    /// The shape of a weight, `nil` if there is none of that name.
    func shape(of name: String) -> [Int]? { weights[name].flatMap { folder.entry($0.name)?.shape } }

    /// The last part of the path.
    package var name: String { folder.name }

    /// The type that all weights have in common, if there is one.
    var format: FloatFormat? {
        let types = Set(parameters.compactMap { folder.entry($0.name)?.elementType })
        return types.count == 1 ? types.first.flatMap(FloatFormat.init) : nil
    }
}
