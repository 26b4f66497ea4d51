import Basics
import JamTesting
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct AtomicFileTests {
    /// Prevents an incomplete file at the final path.
    @Test("Appears only when committed") func appearsOnlyWhenCommitted() throws {
        let scratch = try ScratchFolder()
        try scratch.write("a.txt", "old".utf8)
        do {
            let file = try AtomicFile(scratch.file("a.txt"))
            try Array("new".utf8).withUnsafeBytes { try file.write($0, at: 0) }
            #expect(try scratch.read("a.txt") == Array("old".utf8))
            #expect(try scratch.list().count == 2)
        }
        #expect(try scratch.list() == ["a.txt"])
        try AtomicFile.write("new", to: scratch.file("a.txt"))
        #expect(try scratch.read("a.txt") == Array("new".utf8))
        #expect(try scratch.list() == ["a.txt"])
    }

    @Test("Places pieces at their offsets") func placesPiecesAtTheirOffsets() throws {
        let scratch = try ScratchFolder()
        let file = try AtomicFile(scratch.file("a"))
        try Array("tail".utf8).withUnsafeBytes { try file.write($0, at: 4) }
        try Array("head".utf8).withUnsafeBytes { try file.write($0, at: 0) }
        try file.commit()
        #expect(try scratch.read("a") == Array("headtail".utf8))
    }

    @Test("Says why it cannot be made") func saysWhyItCannotBeMade() throws {
        let scratch = try ScratchFolder()
        let path = scratch.file("none/a")
        let error = #expect(throws: FileError.self) { try AtomicFile.write("x", to: path) }
        #expect(error?.kind == .cannotCreate)
        #expect(error?.description == "\(path): cannot be created: No such file or directory")
    }

    /// Prevents leftovers of a killed process from blocking later runs with the same process id.
    @Test("Steps around what was left behind") func stepsAroundWhatWasLeftBehind() throws {
        let scratch = try ScratchFolder()
        let left = "a.tmp-\(getpid())"
        try scratch.write(left, "half".utf8)
        try AtomicFile.write("x", to: scratch.file("a"))
        #expect(try scratch.list() == ["a", left])
        #expect(try scratch.read(left) == Array("half".utf8))
    }
}

@Suite struct OutputFolderTests {
    @Test("Appears only when committed") func appearsOnlyWhenCommitted() throws {
        let scratch = try ScratchFolder()
        do {
            let folder = try OutputFolder(at: scratch.file("model/"))
            try AtomicFile.write("x", to: folder.file("config.json"))
            #expect(try scratch.list() == ["model.tmp-\(getpid())"])
        }
        #expect(try scratch.list() == [])

        let folder = try OutputFolder(at: scratch.file("model"))
        try AtomicFile.write("x", to: folder.file("config.json"))
        #expect(mkdir(folder.file("inner"), 0o777) == 0)
        try folder.commit()
        #expect(try scratch.list() == ["model"])
        #expect(try scratch.read("model/config.json") == Array("x".utf8))
    }

    /// Prevents a finished run from being overwritten by the next one.
    @Test("Refuses what is there") func refusesWhatIsThere() throws {
        let scratch = try ScratchFolder()
        let path = scratch.file("model")
        #expect(mkdir(path, 0o777) == 0)
        try OutputFolder(at: path).commit()
        try scratch.write("model/keep", "x".utf8)
        let error = #expect(throws: FileError.exists(path: path)) {
            _ = try OutputFolder(at: path)
        }
        #expect(error?.kind == .cannotCreate)
        #expect(
            error?.description
                == "\(path): is there already and not empty; name another output, or remove it"
        )
        #expect(try scratch.list() == ["model"])
    }

    @Test("Refuses what appears meanwhile") func refusesWhatAppearsMeanwhile() throws {
        let scratch = try ScratchFolder()
        let path = scratch.file("model")
        let folder = try OutputFolder(at: path)
        #expect(mkdir(path, 0o777) == 0)
        try scratch.write("model/keep", "x".utf8)
        do {
            try folder.commit()
            Issue.record("the folder of another was replaced")
        } catch {
            #expect(error == .exists(path: path))
        }
        #expect(try scratch.list() == ["model"])
        #expect(try scratch.read("model/keep") == Array("x".utf8))
    }

    @Test("Replaces when asked") func replacesWhenAsked() throws {
        let scratch = try ScratchFolder()
        let path = scratch.file("model")
        #expect(mkdir(path, 0o777) == 0)
        try scratch.write("model/old", "x".utf8)
        let folder = try OutputFolder(at: path, replacing: true)
        try AtomicFile.write("y", to: folder.file("new"))
        #expect(try scratch.read("model/old") == Array("x".utf8))
        try folder.commit()
        #expect(try scratch.list() == ["model"])
        #expect(try scratch.read("model/new") == Array("y".utf8))
        #expect(throws: (any Error).self) { try scratch.read("model/old") }
    }

    @Test("Says why it cannot be made") func saysWhyItCannotBeMade() throws {
        let scratch = try ScratchFolder()
        try scratch.write("file", "x".utf8)
        func message(_ path: String) -> String? {
            do {
                _ = try OutputFolder(at: path, replacing: true)
                return nil
            } catch {
                #expect(error.kind == .cannotCreate)
                return error.description
            }
        }
        let file = scratch.file("file")
        #expect(
            message(file) == "\(file): cannot be created: it is there already and is not a folder"
        )
        #expect(message("") == "\"\": cannot be created: the path is empty")
        let none = scratch.file("none/model")
        #expect(message(none) == "\(none): cannot be created: No such file or directory")
        // A folder that even root cannot write to.
        #expect(message("/proc/model")?.hasPrefix("/proc/model: cannot be created: ") == true)
        #expect(try scratch.list() == ["file"])
    }

    /// Prevents hours of work from ending at a full disk that could be foreseen.
    @Test("Checks for space beforehand") func checksForSpaceBeforehand() throws {
        let scratch = try ScratchFolder()
        let folder = try OutputFolder(at: scratch.file("model"))
        try folder.need(1_000)
        do {
            try folder.need(1 << 60)
            Issue.record("no disk has that much space")
        } catch FileError.noSpace(let path, let needed, let free) {
            #expect(path == scratch.file("model"))
            #expect(needed == 1 << 60 + (1 << 60) / 10)
            #expect(free > 0)
            let error = FileError.noSpace(path: path, needed: 11, free: 2)
            #expect(error.kind == .cannotCreate)
            #expect(
                error.description
                    == "\(path): not enough disk space: 11 bytes are needed, 2 are free"
            )
        }
        // So much that a tenth more would overflow.
        do {
            try folder.need(Int.max)
            Issue.record("no disk has that much space")
        } catch { #expect(error.kind == .cannotCreate) }
    }
}

@Suite struct MappedFileTests {
    /// Prevents a pipe among the inputs from stopping the program for ever.
    @Test("Refuses what is no plain file") func refusesWhatIsNoPlainFile() throws {
        let scratch = try ScratchFolder()
        let pipe = scratch.file("pipe")
        #expect(mkfifo(pipe, 0o666) == 0)
        #expect(throws: FileError.notPlain(path: pipe, kind: "a pipe")) { try MappedFile(pipe) }
        #expect(throws: FileError.notPlain(path: scratch.path, kind: "a folder")) {
            try MappedFile(scratch.path)
        }
        #expect(throws: FileError.notPlain(path: "/dev/null", kind: "a device")) {
            try MappedFile("/dev/null")
        }
        let none = scratch.file("none")
        let error = #expect(throws: FileError.self) { try MappedFile(none) }
        #expect(error?.description == "\(none): there is no such file")
        #expect(error?.kind == .notFound)
    }

    @Test("Reads any part into a buffer") func readsAnyPartIntoABuffer() throws {
        let scratch = try ScratchFolder()
        let file = try MappedFile(try scratch.write("a", "head, tail".utf8))
        var part = [UInt8](repeating: 0, count: 4)
        try part.withUnsafeMutableBytes { try file.read(at: 6, into: $0) }
        #expect(part == Array("tail".utf8))
    }

    /// Prevents the rest of a buffer from being taken for the content of a file.
    @Test("Notices a file that was shortened") func noticesAFileThatWasShortened() throws {
        let scratch = try ScratchFolder()
        let path = try scratch.write("a", [UInt8](repeating: 1, count: 100))
        let file = try MappedFile(path)
        #expect(truncate(path, 40) == 0)
        var bytes = [UInt8](repeating: 0, count: 100)
        let error = #expect(throws: FileError.self) {
            try bytes.withUnsafeMutableBytes { try file.read(at: 0, into: $0) }
        }
        #expect(error?.description == "\(path): cannot be read: it was shortened meanwhile")
    }

    /// Prevents a copy that loses the end of a file, or what lies at the edge of a buffer.
    @Test("Is copied and hashed in pieces", arguments: [0, 1, 1 << 18, 1 << 18 + 1])
    func isCopiedAndHashedInPieces(size: Int) throws {
        let scratch = try ScratchFolder()
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let file = try MappedFile(try scratch.write("a", bytes))
        let copy = try AtomicFile(scratch.file("b"))
        try copy.write(contentsOf: file)
        try copy.commit(toDisk: false)
        #expect(try scratch.read("b") == bytes)
        #expect(try SHA256.hex(of: file) == bytes.withUnsafeBytes { SHA256.hex(of: $0) })
    }

    @Test("Maps empty files") func mapsEmptyFiles() throws {
        let scratch = try ScratchFolder()
        #expect(try MappedFile(try scratch.write("empty", [])).bytes.isEmpty)
    }
}
