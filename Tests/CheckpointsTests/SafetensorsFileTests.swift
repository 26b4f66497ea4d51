import Basics
import Checkpoints
import JamTesting
import Testing

@Suite struct SafetensorsFileTests {
    @Test("Reads every type that the reference writes") func readsEveryTypeThatTheReferenceWrites()
        throws
    {
        let file = try SafetensorsFile(Fixture.path("every-type.safetensors"))
        #expect(file.names.first == "a.U64")
        #expect(file.names.last == "b.BOOL")
        #expect(file.names.count == 2 * ElementType.allCases.count + 3)
        for type in ElementType.allCases {
            let entry = try #require(file.entry("a.\(type.rawValue)"))
            #expect(entry.elementType == type)
            #expect(entry.shape == [2, 3])
            let count = try file.withBytes(of: entry.name) { $0.count }
            #expect(count == 6 * type.byteCount)
        }
        #expect(try file.floats(of: "a.F32") == [0, 1, 1, 0, 1, 1])
        #expect(try file.floats(of: "b.BF16") == [0, 1, 1, 0, 1, 1])
        #expect(try file.floats(of: "b.F16") == [0, 1, 1, 0, 1, 1])
        #expect(file.entry("scalar")?.shape == [])
        #expect(try file.floats(of: "scalar") == [2.5])
        #expect(try file.floats(of: "empty") == [])
        #expect(try file.floats(of: "größe \"x\"") == [1])
        #expect(file.entry("none") == nil)
        #expect(throws: WeightError.missing(name: "none")) { try file.bytes(of: "none") }
        #expect(throws: WeightError.notFloats(name: "a.I64", found: .int64)) {
            try file.floats(of: "a.I64")
        }
    }

    /// Prevents a half-downloaded file from loading as if it were whole.
    @Test("Refuses a file cut at any byte") func refusesAFileCutAtAnyByte() throws {
        let scratch = try ScratchFolder()
        let whole = try Fixture.bytes("two.safetensors")
        for count in 0..<whole.count {
            let path = try scratch.write("cut.safetensors", whole[..<count])
            #expect(throws: SafetensorsError.self, "\(count) bytes") { try SafetensorsFile(path) }
        }
        #expect(try SafetensorsFile(try scratch.write("cut.safetensors", whole)).names.count == 2)
    }

    /// Prevents a flipped bit from crashing the reader: each file is either refused or, as the
    /// reader then says, still covers its data exactly.
    @Test("Survives every flipped bit of the header") func survivesEveryFlippedBitOfTheHeader()
        throws
    {
        let scratch = try ScratchFolder()
        let whole = try Fixture.bytes("two.safetensors")
        for bit in 0..<(whole.count - 40) * 8 {
            var bytes = whole
            bytes[bit / 8] ^= 1 << (bit % 8)
            let path = try scratch.write("flipped.safetensors", bytes)
            do {
                let file = try SafetensorsFile(path)
                #expect(
                    file.names.compactMap { file.entry($0)?.byteCount }.reduce(0, +) == 40,
                    "bit \(bit)"
                )
            } catch is SafetensorsError {
                continue
            }
        }
    }

    /// Prevents a file from making the reader allocate what it merely announces.
    @Test(
        "Refuses impossible header lengths",
        arguments: [
            (0, "the header must begin with '{'"),
            (1, "the header is not valid JSON: a key in quotes is expected at byte 1"),
            (7, "the header is not valid JSON: a key in quotes is expected at byte 7"),
            (100, "a header of 100 bytes is announced, but the file has 15 bytes"),
            (100_000_001, "a header of 100000001 bytes is announced; at most 100000000 are read"),
            (
                1 << 63,
                "a header of 9223372036854775808 bytes is announced; at most 100000000 are read"
            ),
            (
                UInt64.max,
                "a header of 18446744073709551615 bytes is announced; at most 100000000 are read"
            ),
        ]
    )
    func refusesImpossibleHeaderLengths(length: UInt64, problem: String) throws {
        let scratch = try ScratchFolder()
        var bytes = safetensors("{      ".utf8)
        withUnsafeBytes(of: length.littleEndian) { bytes.replaceSubrange(..<8, with: $0) }
        let path = try scratch.write("a.safetensors", bytes)
        let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(path) }
        let doubt = length > 100_000_000 ? "; is this a safetensors file?" : ""
        #expect(error?.description == "\(path): \(problem)\(doubt)")
        #expect(error?.kind == .malformedInput)
    }

    @Test("Refuses malformed headers", arguments: malformedHeaders)
    func refusesMalformedHeaders(_ malformed: MalformedHeader) throws {
        let scratch = try ScratchFolder()
        let bytes = safetensors(malformed.header, dataCount: malformed.dataCount)
        let path = try scratch.write("a.safetensors", bytes)
        let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(path) }
        #expect(error?.description == "\(path): \(malformed.problem)")
    }

    @Test("Recognizes what is not safetensors") func recognizesWhatIsNotSafetensors() throws {
        let scratch = try ScratchFolder()
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
        let cases: [([UInt8], String)] = [
            (
                Array(pointer.utf8),
                "this is a Git LFS pointer, not the weights; fetch them with `git lfs pull`"
            ),
            (
                [0x80, 0x02, 0x7D, 0x71, 0x00, 0x2E],
                "this is a pickle, which can run code when it is read; "
                    + "convert it to safetensors where you trust it"
            ),
            (
                Array("PK\u{3}\u{4}archive/data.pkl".utf8),
                "this is a pickle, which can run code when it is read; "
                    + "convert it to safetensors where you trust it"
            ),
            ([], "a safetensors file begins with 8 bytes of header length; this file has 0"),
            ([1, 2], "a safetensors file begins with 8 bytes of header length; this file has 2"),
        ]
        for (bytes, problem) in cases {
            let path = try scratch.write("a.bin", bytes)
            let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(path) }
            #expect(error?.description == "\(path): \(problem)")
        }
    }

    /// Prevents a header whose order is not that of the bytes from giving out another weight.
    @Test("Finds weights in any order") func findsWeightsInAnyOrder() throws {
        let order = [2, 0, 3, 1]
        let members = order.map {
            "\"w\($0)\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[\(2 * $0),\(2 * $0 + 2)]}"
        }
        let header = "{" + members.joined(separator: ",") + "}"
        let scratch = try ScratchFolder()
        var bytes = safetensors(header.utf8, dataCount: 8)
        bytes.replaceSubrange((bytes.count - 8)..., with: 0..<8)
        let file = try SafetensorsFile(try scratch.write("a.safetensors", bytes))
        #expect(file.names == ["w0", "w1", "w2", "w3"])
        for index in 0..<4 {
            let first = UInt8(2 * index)
            #expect(try file.withBytes(of: "w\(index)") { Array($0) } == [first, first + 1])
        }
    }

    /// Prevents a header that is read in quadratic time: it would take hours.
    @Test("Reads a hundred thousand weights") func readsAHundredThousandWeights() throws {
        var header = "{"
        for i in 0..<100_000 {
            header += "\"model.layers.\(i).self_attn.q_proj.weight\":"
            header += "{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[\(i),\(i + 1)]},"
        }
        header.removeLast()
        header += "}"
        let scratch = try ScratchFolder()
        let path = try scratch.write("a.safetensors", safetensors(header.utf8, dataCount: 100_000))
        let file = try SafetensorsFile(path)
        #expect(file.names.count == 100_000)
        #expect(try file.bytes(of: "model.layers.99999.self_attn.q_proj.weight").count == 1)
    }
}
