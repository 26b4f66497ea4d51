package import Basics

/// Why a folder is not a checkpoint that can be read.
package enum CheckpointError: UserError, Equatable {
    case noFolder(path: String)
    case notFolder(path: String)
    case missingFile(path: String, file: String)
    /// The weights are pickles.
    case onlyPickles(path: String, file: String)
    case malformed(file: String, problem: String)
    /// The index names a shard by a path.
    case shardName(index: String, name: String)
    case missingShard(index: String, shard: String)
    /// Two shards have a weight of one name.
    case twice(index: String, weight: String, shards: [String])

    package var kind: ErrorKind {
        switch self {
        case .noFolder, .notFolder, .missingFile, .onlyPickles, .missingShard: .notFound
        case .malformed, .shardName, .twice: .malformedInput
        }
    }

    package var description: String {
        switch self {
        case .noFolder(let path): "\(path): there is no such folder"
        case .notFolder(let path):
            "\(path): a model is a folder with config.json and weights, or a GGUF file; this is "
                + "neither"
        case .missingFile(let path, let file):
            "\(path): not a checkpoint folder: \(file) is missing"
        case .onlyPickles(let path, let file):
            "\(path): the weights are a pickle (\(file)), which can run code when it is read; "
                + "convert it to safetensors where you trust it"
        case .malformed(let file, let problem): "\(file): \(problem)"
        case .shardName(let index, let name):
            "\(index): the shard \(JSON.string(name).text()) is not a plain file name"
        case .missingShard(let index, let shard):
            "\(index): the shard \"\(shard)\" is missing; the download may be incomplete"
        case .twice(let index, let weight, let shards):
            "\(index): the weight \"\(weight)\" is in \"\(shards[0])\" and in \"\(shards[1])\"; "
                + "one of the shards is of another model"
        }
    }
}
