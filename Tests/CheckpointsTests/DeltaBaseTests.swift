import Basics
import Checkpoints
import Foundation
import JamTesting
import Testing

/// How bases of deltas are found.
@Suite struct DeltaBaseTests {
    @Test("Bases are looked for where the environment says, then in the user's cache")
    func folders() {
        func paths(_ environment: [String: String]) -> [String] {
            BaseFolders(environment: environment).paths
        }
        #expect(paths(["HOME": "/h"]) == ["/h/.cache/jam/bases"])
        #expect(
            paths(["HOME": "/h", "XDG_CACHE_HOME": "/c", "JAM_BASES": "/a:b/c:"]) == [
                "/a", "b/c", "/c/jam/bases",
            ]
        )
        // A relative path there is to be ignored, says the XDG specification.
        #expect(paths(["HOME": "/h", "XDG_CACHE_HOME": "c"]) == ["/h/.cache/jam/bases"])
        #expect(paths([:]) == [])
    }

    /// Prevents the path of one machine in a delta that others get.
    @Test("A base in a folder of bases is looked for by its name only") func place() throws {
        let maker = try DeltaMaker()
        for (folder, hasPath) in [(maker.scratch.path, false), ("/elsewhere", true)] {
            let delta = maker.scratch.file("delta \(hasPath)")
            let folders = BaseFolders(environment: ["JAM_BASES": folder])
            let bases = try DeltaBases([maker.base], seenFrom: delta, lookedForIn: folders)
            try DeltaExport(maker.model, bases: bases, storage: .same).write(to: delta)
            let json = String(
                decoding: try maker.scratch.read("delta \(hasPath)/delta.json"),
                as: UTF8.self
            )
            #expect(json.contains("../base") == hasPath)
        }
    }

    private func message(_ path: String) -> String {
        do {
            _ = try CheckpointFolder(path)
            return "read"
        } catch let error as any UserError {
            #expect(error.kind == .notFound)
            return error.description
        } catch {
            return "not an error for users: \(error)"
        }
    }

    // Prevents: a model with another base's weights in it, which would load and say nonsense.
    @Test("A base that is missing or another file is named, with where to get it")
    func missing() throws {
        let maker = try DeltaMaker()
        let delta = try maker.delta()
        #expect(message(delta) == "read")
        let file = delta + "/delta.json"
        let place = "\(delta)/../base"
        let last = BaseFolders.current.paths.last ?? "a folder"
        let rest = "put it (from pypi: nowhere) into \(last), or name its folder in JAM_BASES"
        let weights = try maker.scratch.read("base/model.safetensors")

        var other = weights
        other[other.count - 1] ^= 1
        try maker.scratch.write("base/model.safetensors", other)
        #expect(
            message(delta).hasPrefix(
                "\(file): the base \"base\" (\(weights.count + 21) bytes) is missing: \(place) has a "
                    + "file \"model.safetensors\" that has another SHA-256 than "
            )
        )
        #expect(message(delta).hasSuffix("; \(rest)"))
        try maker.scratch.write("base/model.safetensors", weights + [0])
        #expect(
            message(delta).contains(
                "\(place) has a file \"model.safetensors\" that has \(weights.count + 1) bytes, and "
                    + "\(weights.count) are expected; put it"
            )
        )
        try FileManager.default.removeItem(atPath: maker.base + "/model.safetensors")
        #expect(message(delta).contains("\(place) lacks the file \"model.safetensors\"; put it"))
        try FileManager.default.removeItem(atPath: maker.base)
        let places = ([place] + BaseFolders.current.paths).joined(separator: ", ")
        #expect(
            message(delta)
                == "\(file): the base \"base\" (\(weights.count + 21) bytes) is not in \(places); "
                + rest
        )
        try maker.scratch.write("base", weights)
        #expect(message(delta).contains("\(place) is no folder; put it"))
    }

    // Prevents: a base that is a delta of itself, which would be opened without end.
    @Test("A base is no delta")
    func baseIsDelta() throws {
        let maker = try DeltaMaker()
        let delta = try maker.delta()
        try maker.scratch.write("base/delta.json", maker.scratch.read("delta/delta.json"))
        #expect(throws: DeltaError.baseIsDelta(path: delta + "/../base")) {
            try CheckpointFolder(delta)
        }
    }

    @Test("What a base gives is not stored beside, nor whole weights")
    func storedTwice() throws {
        let maker = try DeltaMaker()
        let delta = try maker.delta()
        for name in ["chat_template.jinja", "model.safetensors", "model.safetensors.index.json"] {
            try maker.scratch.write("delta/\(name)", [1])
            #expect(throws: DeltaError.storedTwice(path: delta + "/" + name), "\(name)") {
                try CheckpointFolder(delta)
            }
            try FileManager.default.removeItem(atPath: delta + "/" + name)
        }
        try FileManager.default.removeItem(atPath: delta + "/delta.safetensors")
        #expect(
            throws: CheckpointError.missingFile(path: delta, file: "delta.safetensors")
        ) { try CheckpointFolder(delta) }
    }
}
