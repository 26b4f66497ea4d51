import Basics

/// The files with the weights of a checkpoint: a GGUF file, or shards that were compared with their
/// index.
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
        if let path = try files.checkedPath(of: FileName.weights) {
            shards = [(FileName.weights, try SafetensorsFile(path))]
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
        self.shards = shards.map { ($0.name, $0.file) }
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

    /// Checks that the index lists exactly what the shards have; returns warnings.
    func check(_ shards: [(name: String, file: SafetensorsFile)]) throws(CheckpointError)
        -> [String]
    {
        let files = Dictionary(uniqueKeysWithValues: shards.map { ($0.name, $0.file) })
        var listed: [String: String] = [:]
        for (weight, shard) in shardOfWeight {
            guard files[shard]?.entry(weight) != nil else {
                throw .notInShard(index: source, weight: weight, shard: shard)
            }
            listed[weight] = shard
        }
        var byteCount = 0
        for (shard, file) in shards {
            byteCount += file.dataByteCount
            for weight in file.names where listed[weight] != shard {
                throw .notInIndex(index: source, weight: weight, shard: shard)
            }
        }
        guard let totalSize, totalSize != .integer(byteCount) else { return [] }
        return [
            "\(source): total_size is \(totalSize.kind), but the weights have \(byteCount) bytes"
        ]
    }
}
