import Basics

/// The files with the weights of a checkpoint: a GGUF file, the stored weights of a delta, or shards
/// that were compared with their index.
struct StoredWeights {
    let shards: [(name: String, file: any StoredWeightFile)]
    let warnings: [String]

    private typealias FileName = CheckpointFolder.FileName

    /// Opens the GGUF file, `model.safetensors` or, where there is none, the shards of the index.
    init(in files: CheckpointFiles) throws {
        if let gguf = files.gguf {
            shards = [(gguf.fileName, try gguf.weights())]
            warnings = gguf.warnings
            return
        }
        if let delta = files.delta {
            for name in [FileName.weights, FileName.index] where files.has(name) {
                throw DeltaError.storedTwice(path: files.path(of: name))
            }
            guard let path = try files.checkedPath(of: DeltaFolder.weightsName) else {
                throw CheckpointError.missingFile(
                    path: files.path,
                    file: DeltaFolder.weightsName
                )
            }
            shards = [(DeltaFolder.weightsName, try delta.weights(path))]
            warnings = delta.warnings
            return
        }
        if let path = try files.checkedPath(of: FileName.weights) {
            shards = try CompressedWeights.presenting([
                (FileName.weights, try SafetensorsFile(path))
            ])
            warnings =
                files.has(FileName.index)
                ? ["\(files.path(of: FileName.index)) is ignored: \(FileName.weights) is there too"]
                : []
            return
        }
        guard let json = try files.json(FileName.index) else { throw files.missingWeights() }
        let index = try ShardIndex(json, source: files.path(of: FileName.index))
        let shards = try index.shardNames.map { name in
            guard let path = try files.checkedPath(of: name) else {
                throw CheckpointError.missingShard(index: index.source, shard: name)
            }
            return (name: name, file: try SafetensorsFile(path))
        }
        warnings = try index.check(shards)
        self.shards = try CompressedWeights.presenting(shards)
    }
}

/// `model.safetensors.index.json`: which shard has which weight.
struct ShardIndex {
    let source: String
    /// Sorted.
    let shardNames: [String]
    private let shardOfWeight: [(weight: String, shard: String)]
    private let totalSize: JSON?

    init(_ json: JSON, source: String) throws {
        self.source = source
        let reader = try JSONReader(json, source: source)
        var pairs: [(weight: String, shard: String)] = []
        for (weight, value) in try reader.nested("weight_map").object.members {
            guard case .string(let shard) = value else {
                throw reader.failure("weight_map.\(weight)", "a file name is expected")
            }
            guard CheckpointFiles.isPlainName(shard) else {
                throw CheckpointError.shardName(index: source, name: shard)
            }
            pairs.append((weight, shard))
        }
        shardOfWeight = pairs
        shardNames = Set(pairs.map(\.shard)).sorted { $0.precedesInBytes($1) }
        totalSize =
            reader.has("metadata") ? try reader.nested("metadata").object["total_size"] : nil
    }

    /// Checks that each weight is in one shard; returns where the index differs from the shards, whose
    /// weights count.
    func check(_ shards: [(name: String, file: SafetensorsFile)]) throws(CheckpointError)
        -> [String]
    {
        var shardOf: [String: String] = [:]
        var byteCount = 0
        for (shard, file) in shards {
            byteCount += file.dataByteCount
            for weight in file.names {
                if let other = shardOf.updateValue(shard, forKey: weight) {
                    throw .twice(index: source, weight: weight, shards: [other, shard])
                }
            }
        }
        let listed = Dictionary(uniqueKeysWithValues: shardOfWeight)
        let wrong =
            shardOfWeight.filter { shardOf[$0.weight] != $0.shard }.map(\.weight)
            + shards.flatMap(\.file.names).filter { listed[$0] == nil }
        var warnings: [String] = []
        if let first = wrong.first {
            warnings.append(
                "\(source): differs from the shards in \(wrong.count) weights, such as "
                    + "\"\(first)\"; the shards count"
            )
        }
        if let totalSize, totalSize != .integer(byteCount) {
            warnings.append(
                "\(source): total_size is \(totalSize.kind), but the weights have \(byteCount) bytes"
            )
        }
        return warnings
    }
}
