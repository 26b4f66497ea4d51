import Basics
import Checkpoints
import JamTesting
import Testing

@Suite struct ManifestTests {
    private func makeFolder() throws -> (ScratchFolder, Manifest) {
        let scratch = try ScratchFolder()
        try scratch.write("config.json", "{}".utf8)
        try scratch.write("model.safetensors", Fixture.bytes("two.safetensors"))
        let manifest = Manifest(
            jamVersion: "1.0",
            command: "fuse",
            method: "cross",
            options: ["every": 1, "direction": "both"],
            inputs: [
                .init(name: "text", files: [.init(name: "config.json", byteCount: 2, sha256: "00")])
            ],
            files: try Manifest.describe(["config.json", "model.safetensors"], in: scratch.path)
        )
        try manifest.write(to: scratch.path)
        return (scratch, manifest)
    }

    @Test("Stands in the folder that it describes") func standsInTheFolderThatItDescribes() throws {
        let (scratch, manifest) = try makeFolder()
        #expect(try CheckpointFolder(scratch.path).manifest() == manifest)
        #expect(manifest.files.first?.byteCount == 2)
        #expect(
            manifest.files.first?.sha256
                == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        )
        try manifest.verify(scratch.path)
    }

    /// Prevents any damage to the weights from going unnoticed.
    @Test("Notices every flipped bit") func noticesEveryFlippedBit() throws {
        let (scratch, manifest) = try makeFolder()
        let whole = try scratch.read("model.safetensors")
        let path = scratch.file("model.safetensors")
        for bit in 0..<whole.count * 8 {
            var bytes = whole
            bytes[bit / 8] ^= 1 << (bit % 8)
            try scratch.write("model.safetensors", bytes)
            #expect(throws: ManifestError.digest(path: path)) { try manifest.verify(scratch.path) }
        }
    }

    @Test("Says what differs") func saysWhatDiffers() throws {
        let (scratch, manifest) = try makeFolder()
        let config = try scratch.write("config.json", "{ }".utf8)
        var error = #expect(throws: ManifestError.self) { try manifest.verify(scratch.path) }
        #expect(error?.description == "\(config): has 3 bytes; jam_manifest.json says 2")
        try scratch.write("config.json", "[]".utf8)
        error = #expect(throws: ManifestError.self) { try manifest.verify(scratch.path) }
        #expect(
            error?.description == "\(config): is damaged or was changed: "
                + "its digest differs from that in jam_manifest.json"
        )
        let moved = Manifest(
            jamVersion: "1.0",
            command: "fuse",
            method: "cross",
            options: [:],
            inputs: [],
            files: [.init(name: "none", byteCount: 1, sha256: "")]
        )
        error = #expect(throws: ManifestError.self) { try moved.verify(scratch.path) }
        #expect(
            error?.description
                == "\(scratch.file("none")): is missing, but listed in jam_manifest.json"
        )
        #expect(error?.kind == .malformedInput)
    }

    /// Prevents a hostile manifest from having files read outside of its folder.
    @Test("Refuses paths and later versions") func refusesPathsAndLaterVersions() throws {
        let (_, manifest) = try makeFolder()
        guard case .object(var object) = manifest.json else {
            Issue.record("an object is expected")
            return
        }
        object["files"] = [["name": "../x", "size": 1, "sha256": ""]]
        var error = #expect(throws: JSONFieldError.self) {
            try Manifest(.object(object), source: "m")
        }
        #expect(error?.description == "m: files[0].name: a plain file name is expected")
        object["format_version"] = 2
        error = #expect(throws: JSONFieldError.self) {
            try Manifest(.object(object), source: "m")
        }
        #expect(
            error?.description
                == "m: format_version: 2 is not known; this jam reads version 1"
        )
    }
}
