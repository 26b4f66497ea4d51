import Basics
import Checkpoints
import JamTesting
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct CheckpointFolderTests {
    /// Writes a checkpoint of three weights of four bytes, in shards of at most `maxShardSize`.
    private func makeFolder(maxShardSize: Int) throws -> ScratchFolder {
        let scratch = try ScratchFolder()
        try scratch.write("config.json", #"{"model_type": "llama", "odd": [1]}"#.utf8)
        let entries = ["a", "b", "c"].map {
            WeightEntry(name: $0, elementType: .float32, shape: [1])
        }
        let layout = ShardLayout(entries, maxShardSize: maxShardSize)
        let values: [String: Float] = ["a": 1, "b": 2, "c": 3]
        try ShardedWriter(in: scratch.path, layout: layout).write { part, bytes in
            let value = try #require(values[part.name])
            #expect(part.bytes == 0..<4)
            withUnsafeBytes(of: value) { bytes.copyMemory(from: $0) }
        }
        return scratch
    }

    @Test("Reads what its writer writes", arguments: [4, 8, 12])
    func readsWhatItsWriterWrites(maxShardSize: Int) throws {
        let scratch = try makeFolder(maxShardSize: maxShardSize)
        let folder = try CheckpointFolder(scratch.path)
        #expect(folder.names == ["a", "b", "c"])
        for (value, name) in [(1, "a"), (2, "b"), (3, "c")] as [(Float, String)] {
            #expect(folder.entry(name)?.shape == [1])
            #expect(try folder.floats(of: name) == [value])
        }
        #expect(folder.weightFiles.count == 12 / maxShardSize + (maxShardSize == 8 ? 1 : 0))
        #expect(folder.warnings == [])
        #expect(folder.config == ["model_type": "llama", "odd": [1]])
        #expect(try folder.configReader().string("model_type") == "llama")
        #expect(folder.has("config.json"))
        #expect(try folder.file("tokenizer.json") == nil)
        #expect(try folder.manifest() == nil)
        #expect(throws: WeightError.missing(name: "d")) { try folder.floats(of: "d") }
    }

    /// Prevents a download that broke off in any of its files from loading.
    @Test("Refuses a shard cut anywhere") func refusesAShardCutAnywhere() throws {
        let scratch = try makeFolder(maxShardSize: 4)
        let names = try CheckpointFolder(scratch.path).weightFiles
        #expect(names.count == 3)
        var random = SeededGenerator(seed: 11)
        for _ in 0..<100 {
            let name = try #require(names.randomElement(using: &random))
            let whole = try MappedFile.contents(of: scratch.file(name))
            let count = Int.random(in: 0..<whole.count, using: &random)
            try scratch.write(name, whole[..<count])
            #expect(message(scratch.path, .malformedInput)?.hasPrefix(scratch.file(name)) == true)
            try scratch.write(name, whole)
        }
        #expect(message(scratch.path, .malformedInput) == nil)
    }

    private func message(_ path: String, _ kind: ErrorKind) -> String? {
        do {
            _ = try CheckpointFolder(path)
            return nil
        } catch let error as any UserError {
            #expect(error.kind == kind)
            return error.description
        } catch {
            return "not an error for users: \(error)"
        }
    }

    @Test("Names what is missing") func namesWhatIsMissing() throws {
        let scratch = try ScratchFolder()
        let path = scratch.path
        #expect(message(path + "/none", .notFound) == "\(path)/none: there is no such folder")
        #expect(
            message(path, .notFound) == "\(path): not a checkpoint folder: config.json is missing"
        )
        let config = try scratch.write("config.json", "{}".utf8)
        #expect(
            message(config, .notFound)
                == "\(config): a model is a folder with config.json and weights, or a GGUF file; "
                + "this is neither"
        )
        #expect(
            message(path, .notFound)
                == "\(path): not a checkpoint folder: model.safetensors is missing"
        )
        for pickle in [
            "pytorch_model.bin", "pytorch_model-00001-of-00002.bin", "pytorch_model.bin.index.json",
            "model.pt", "consolidated.00.pth", "last.ckpt",
        ] {
            try scratch.write(pickle, [0x80, 2])
            #expect(
                message(path, .notFound)
                    == "\(path): the weights are a pickle (\(pickle)), which can run code when "
                    + "it is read; convert it to safetensors where you trust it"
            )
            #expect(unlink(scratch.file(pickle)) == 0)
        }
        for other in ["training_args.bin", "optimizer.pt", "adapter_model.safetensors"] {
            try scratch.write(other, [0x80, 2])
        }
        #expect(
            message(path, .notFound)
                == "\(path): not a checkpoint folder: model.safetensors is missing"
        )
        try scratch.write("model-00001-of-00002.safetensors", [])
        #expect(
            message(path, .notFound)
                == "\(path): not a checkpoint folder: model.safetensors.index.json is missing"
        )
        try scratch.write("config.json", "{\"a\": 1".utf8)
        #expect(
            message(path, .malformedInput)
                == "\(config): not valid JSON: ',' or '}' is expected at byte 7"
        )
    }

    /// Prevents an index from reaching outside of its folder.
    @Test(
        "Refuses shard names that are paths",
        arguments: ["../x", "/etc/passwd", "a/b", "..\\x", "a\u{0}b", "..", ".", ""]
    )
    func refusesShardNamesThatArePaths(name: String) throws {
        let scratch = try makeFolder(maxShardSize: 4)
        let index: JSON = ["weight_map": ["a": .string(name)]]
        let path = try scratch.write("model.safetensors.index.json", index.text().utf8)
        #expect(
            message(scratch.path, .malformedInput)
                == "\(path): the shard \(JSON.string(name).text()) is not a plain file name"
        )
    }

    /// Prevents a link from pulling a file of the system into a checkpoint.
    @Test("Refuses links that lead out") func refusesLinksThatLeadOut() throws {
        let scratch = try makeFolder(maxShardSize: 12)
        let outside = try makeFolder(maxShardSize: 12)
        let weights = scratch.file("model.safetensors")
        #expect(unlink(weights) == 0)
        #expect(symlink(outside.file("model.safetensors"), weights) == 0)
        #expect(
            message(scratch.path, .malformedInput)
                == "\(weights): is a link that leads out of the folder; put the file itself there"
        )
    }

    /// Prevents the same rule from locking out the Hugging Face cache, which is made of links.
    @Test("Follows the links of a hugging face cache") func followsTheLinksOfAHuggingFaceCache()
        throws
    {
        let scratch = try makeFolder(maxShardSize: 12)
        for folder in ["blobs", "snapshots", "snapshots/1a2b"] {
            #expect(mkdir(scratch.file(folder), 0o777) == 0)
        }
        for (file, blob) in [("config.json", "f00"), ("model.safetensors", "ba4")] {
            #expect(rename(scratch.file(file), scratch.file("blobs/\(blob)")) == 0)
            #expect(symlink("../../blobs/\(blob)", scratch.file("snapshots/1a2b/\(file)")) == 0)
        }
        let folder = try CheckpointFolder(scratch.file("snapshots/1a2b/"))
        #expect(try folder.floats(of: "b") == [2])
        #expect(unlink(scratch.file("blobs/ba4")) == 0)
        let path = scratch.file("snapshots/1a2b/model.safetensors")
        #expect(
            message(scratch.file("snapshots/1a2b"), .notFound)
                == "\(path): is a link to nothing; the download may be incomplete"
        )
    }

    /// Prevents weights that a disagreeing index hides or invents without a word.
    @Test("Reads the shards where the index disagrees")
    func readsTheShardsWhereTheIndexDisagrees() throws {
        let scratch = try makeFolder(maxShardSize: 8)
        let path = scratch.file("model.safetensors.index.json")
        let (first, second) = (
            "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"
        )
        func message(_ map: JSON, size: JSON = 12) throws -> String? {
            let index: JSON = ["metadata": ["total_size": size], "weight_map": map]
            try scratch.write("model.safetensors.index.json", index.text().utf8)
            return self.message(scratch.path, .malformedInput)
        }
        let (one, two) = (JSON.string(first), JSON.string(second))
        let right: JSON = ["a": one, "b": one, "c": two]
        #expect(try message(right) == nil)
        #expect(try CheckpointFolder(scratch.path).warnings == [])
        let wrong: [(map: JSON, weight: String)] = [
            (["a": one, "b": two, "c": two], "b"), (["a": one, "c": two], "b"),
            (["a": one, "b": one, "c": two, "d": two], "d"),
        ]
        for (map, weight) in wrong {
            #expect(try message(map) == nil)
            let folder = try CheckpointFolder(scratch.path)
            #expect(folder.names == ["a", "b", "c"])
            #expect(
                folder.warnings == [
                    "\(path): differs from the shards in 1 weights, such as \"\(weight)\"; "
                        + "the shards count"
                ]
            )
        }
        try scratch.write("model.safetensors.index.json", #"{"weight_map": {"a": 1}}"#.utf8)
        #expect(
            self.message(scratch.path, .invalidConfiguration)
                == "\(path): weight_map.a: a file name is expected"
        )

        #expect(try message(right, size: 13) == nil)
        #expect(
            try CheckpointFolder(scratch.path).warnings
                == ["\(path): total_size is the integer 13, but the weights have 12 bytes"]
        )

        #expect(unlink(scratch.file(second)) == 0)
        #expect(
            self.message(scratch.path, .notFound)
                == "\(path): the shard \"\(second)\" is missing; the download may be incomplete"
        )
        #expect(mkfifo(scratch.file(second), 0o666) == 0)
        #expect(
            self.message(scratch.path, .notFound)
                == "\(scratch.file(second)): a plain file is expected, found a pipe"
        )
        #expect(unlink(scratch.file(second)) == 0)
        #expect(mkdir(scratch.file(second), 0o777) == 0)
        #expect(
            self.message(scratch.path, .notFound)
                == "\(scratch.file(second)): a plain file is expected, found a folder"
        )
        #expect(rmdir(scratch.file(second)) == 0)
        #expect(symlink("/dev/zero", scratch.file(second)) == 0)
        #expect(
            self.message(scratch.path, .malformedInput)?.contains("leads out of the folder") == true
        )
        // The first shard in the place of the second: all its weights are there twice.
        #expect(unlink(scratch.file(second)) == 0)
        try scratch.write(second, try scratch.read(first))
        #expect(
            try message(["a": one, "b": two])
                == "\(path): the weight \"a\" is in \"\(first)\" and in \"\(second)\"; one of the "
                + "shards is of another model"
        )
    }

    /// Prevents an index whose download broke off from loading what it still lists.
    @Test("Refuses an index cut anywhere") func refusesAnIndexCutAnywhere() throws {
        let scratch = try makeFolder(maxShardSize: 4)
        let name = "model.safetensors.index.json"
        let whole = try scratch.read(name)
        let text = whole.prefix { $0 != 0 }.reversed().drop { $0 == 0x0A }.count
        for count in 0..<text {
            try scratch.write(name, whole[..<count])
            #expect(
                message(scratch.path, .malformedInput)?.hasPrefix(scratch.file(name)) == true,
                "\(count)"
            )
        }
    }

    @Test("Prefers the single file and says so") func prefersTheSingleFileAndSaysSo() throws {
        let scratch = try makeFolder(maxShardSize: 12)
        let index = try scratch.write("model.safetensors.index.json", "{}".utf8)
        #expect(
            try CheckpointFolder(scratch.path).warnings
                == ["\(index) is ignored: model.safetensors is there too"]
        )
    }
}
