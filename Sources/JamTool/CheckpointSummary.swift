import Basics
import Checkpoints
import Decoders
import Foundation
import ToolSupport
import Vocabulary

/// What `inspect` prints about a checkpoint.
struct CheckpointSummary: CustomStringConvertible {
    private let folder: CheckpointFolder
    private let config: DecoderConfig
    private let groups: [(name: String, tensors: Int, parameters: Int)]
    private let tokenizer: Tokenizer?
    private let manifest: Manifest?

    /// Reports the warnings of the folder, too.
    init(_ opened: DecoderFolder) throws {
        let folder = opened.folder
        self.folder = folder
        config = opened.config
        Console.warn(of: folder)
        let specs = try config.declaration()
        try folder.check(specs, allowingUnused: config.allowsUnused)
        var groups: [(name: String, tensors: Int, parameters: Int)] = []
        for spec in specs {
            let name = Self.group(of: spec.name)
            if let index = groups.firstIndex(where: { $0.name == name }) {
                groups[index].tensors += 1
                groups[index].parameters += spec.count
            } else {
                groups.append((name, 1, spec.count))
            }
        }
        self.groups = groups
        tokenizer =
            try Tokenizer.isThere(in: URL(filePath: folder.path))
            ? try Tokenizer(contentsOf: URL(filePath: folder.path))
                .limited(to: config.vocabularySize) : nil
        try folder.checkRows(config.vocabularySize, forTokens: tokenizer?.space.count ?? 0)
        manifest = try folder.manifest()
    }

    private var space: TokenSpace? { tokenizer?.space }

    private var modelType: String {
        guard case .string(let type) = config.json["model_type"] else { return "?" }
        return type
    }

    var parameterCount: Int { groups.reduce(0) { $0 + $1.parameters } }

    private var elementTypes: [String] {
        let names = folder.names.filter { !Int8Rows.isScale($0, in: folder) }
        return Set(names.compactMap(folder.storedType)).sorted()
    }

    /// `towers.text.model.layers.3.mlp.up_proj.weight` → `towers.text.model.layers`.
    private static func group(of name: String) -> String {
        let parts = name.split(separator: ".")
        let end = parts.firstIndex { Int($0) != nil } ?? max(1, parts.count - 1)
        return parts[..<end].joined(separator: ".")
    }

    /// `Llama: 8 layers, 256 wide, 8 heads of 32 (4 for keys and values), feed-forward 512, 512 positions`.
    private static func sizes(of config: TowerConfig) -> String {
        let keys =
            config.keyValueHeadCount == config.headCount
            ? "" : " (\(config.keyValueHeadCount) for keys and values)"
        return "\(config.family.title): \(config.layerCount) layers, \(config.hiddenSize) wide, "
            + "\(config.headCount) heads of \(config.headWidth)\(keys), "
            + "feed-forward \(config.feedForwardSize), \(config.contextLength) positions"
            + (config.tiesEmbeddings ? ", tied embeddings" : "")
    }

    /// `RMS norm; rotary positions; SwiGLU`, without what the model does not have.
    private static func parts(of config: TowerConfig) -> String {
        let words = config.parts.traits.filter { $0.value != "none" }
        let halves = config.normGroups > 1 ? ["norms over \(config.normGroups) parts"] : []
        return (words.map { "\($0.setting): \($0.value)" } + halves).joined(separator: "; ")
    }

    /// The number of weights that the model does not run.
    private var auxiliaryCount: Int {
        folder.names.count(where: config.isAuxiliary)
    }

    var description: String {
        var lines = [
            "\(folder.path): \(modelType), \(parameterCount.grouped) parameters, "
                + elementTypes.joined(separator: ", ")
        ]
        lines += folder.basePaths.map { "  a delta of \($0)" }
        for tower in config.towers {
            let path = tower.path.isEmpty ? "" : tower.path.dropLast() + ": "
            lines.append("  \(path)\(Self.sizes(of: tower.config))")
            lines.append("    \(Self.parts(of: tower.config))")
        }
        if case .cross(let cross) = config {
            lines.append("  " + cross.traits.map { "\($0): \($1)" }.joined(separator: "; "))
        }
        let width = groups.map(\.name.count).max() ?? 0
        for group in groups {
            let name = group.name.padding(toLength: width, withPad: " ", startingAt: 0)
            lines.append(
                "  \(name)  \(group.tensors) tensors, \(group.parameters.grouped) parameters"
            )
        }
        if auxiliaryCount > 0 {
            lines.append(
                "  \(auxiliaryCount) auxiliary tensors of another network, which is not run"
            )
        }
        if let space {
            lines.append(
                "tokens: \(space.text.count) text, \(space.specialTokens.count) special tokens, "
                    + "\(space.image.count) image codes"
            )
        }
        lines += (tokenizer?.warnings ?? []).map { "warning: \($0)" }
        if let manifest {
            lines.append(
                "made by jam \(manifest.jamVersion): \(manifest.command) \(manifest.method)"
            )
            for input in manifest.inputs { lines.append("  from \(input.name)") }
        }
        return lines.joined(separator: "\n")
    }

    var json: JSON {
        var object: JSON.Object = [
            "path": .string(folder.path), "model_type": .string(modelType),
            "parameters": .integer(parameterCount),
            "element_types": .array(elementTypes.map(JSON.string)),
            "groups": .array(
                groups.map {
                    [
                        "name": .string($0.name), "tensors": .integer($0.tensors),
                        "parameters": .integer($0.parameters),
                    ]
                }
            ),
            "towers": .array(
                config.towers.map { tower in
                    let parts = tower.config.parts.traits.map {
                        ($0.setting, JSON.string($0.value))
                    }
                    var object = JSON.Object()
                    object["family"] = .string(tower.config.family.rawValue)
                    for (setting, value) in parts { object[setting] = value }
                    return .object(object)
                }
            ),
            "config": .object(config.json),
        ]
        if let space {
            object["tokens"] = [
                "text": .integer(space.text.count),
                "special tokens": .integer(space.specialTokens.count),
                "image": .integer(space.image.count),
            ]
        }
        if let warnings = tokenizer?.warnings, !warnings.isEmpty {
            object["warnings"] = .array(warnings.map(JSON.string))
        }
        if folder.isDelta { object["bases"] = .array(folder.basePaths.map(JSON.string)) }
        if let manifest { object["manifest"] = manifest.json }
        return .object(object)
    }
}
