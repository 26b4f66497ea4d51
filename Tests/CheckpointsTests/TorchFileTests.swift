import Basics
import Checkpoints
import JamTesting
import Testing

private typealias Make = TorchArchiveMaker

@Suite struct TorchFileTests {
    @Test("Reads what torch saves") func readsWhatTorchSaves() throws {
        let path = Fixture.path("weights.ckpt")
        #expect(try TorchFile.begins(path))
        #expect(try !TorchFile.begins(Fixture.path("two.safetensors")))
        let file = try TorchFile(path)
        let golden = try SafetensorsFile(Fixture.path("weights.safetensors"))
        #expect(file.names.first == "weight")
        #expect(Set(file.names) == Set(golden.names))
        for name in golden.names {
            #expect(file.entry(name) == golden.entry(name))
            let expected = try golden.withBytes(of: name) { Array($0) }
            #expect(try file.withBytes(of: name) { Array($0) } == expected, "\(name)")
        }
        #expect(file.entry("epoch") == nil)
        #expect(throws: WeightError.missing(name: "epoch")) { try file.bytes(of: "epoch") }
    }

    @Test("Reads what the maker makes") func readsWhatTheMakerMakes() throws {
        let file = try open(Make.file(Make.pickle()))
        #expect(try file.withBytes(of: "a") { Array($0) } == Array(0..<16))
        let empty = try open(Make.file(Make.pickle(shape: [0, .max, .max], strides: [1, 1, 1])))
        #expect(try empty.withBytes(of: "a") { $0.count } == 0)
        // The step along a single element is never taken, however long.
        let single = Make.pickle(offset: 1, shape: [1, 1, 2], strides: [.max, 1, 2])
        let second = try open(Make.file(single))
        #expect(try second.withBytes(of: "a") { Array($0) } == [4, 5, 6, 7, 12, 13, 14, 15])
        let turned = try open(Make.file(Make.pickle(strides: [1, 2])))
        let order: [UInt8] = [0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15]
        #expect(try turned.withBytes(of: "a") { Array($0) } == order)
    }

    // Prevents: a checkpoint that runs what it names, in any of the ways in which a pickle can.
    @Test(
        "Refuses names",
        arguments: [
            Make.program(Make.global("os", "system"), Make.mark, Make.tuple, Make.reduce),
            Make.program(Make.global("posix", "system")),
            Make.program(Make.global("builtins", "eval")),
            Make.program(Make.global("torch.storage", "_load_from_bytes")),
            Make.program(Make.global("torch", "load")),
            Make.program(Make.global("torch", "ComplexFloatStorage")),
            Make.program(Make.global("numpy.core.multiarray", "scalar")),
            Make.program(Make.mark, Make.text("x"), Make.code("ios\nsystem\n")),
            Make.program(Make.mark, Make.code("icollections\nOrderedDict\n")),
            Make.program(Make.text("os"), Make.text("system"), [0x93]),
            Make.program(Make.mark, Make.global("os", "system"), Make.code("o")),
            Make.program(Make.dictionary, Make.text("a"), Make.mark, Make.global("os", "system")),
        ]
    )
    func refusesNames(program: [UInt8]) throws {
        let error = refusal(Make.file(program))
        guard case .forbidden = error?.problem else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("Says what is refused") func saysWhatIsRefused() throws {
        let program = Make.program(Make.global("posix", "system"))
        let message = refusal(Make.file(program))?.description
        #expect(
            message?.hasSuffix(
                "refused: the pickle asks for `posix.system`; only tensors, numbers, text, lists "
                    + "and dictionaries are read; where you trust the file, save its weights "
                    + "alone, or as safetensors"
            ) == true
        )
    }

    /// A trainer's classes stand as keys, and that is all that they do.
    @Test("Names of the trainer are inert") func namesOfTheTrainerAreInert() throws {
        let callback = Make.global("pytorch_lightning.callbacks.x", "Y")
        var pickle = Make.pickle()
        pickle.removeLast()
        let kept = pickle + Make.program(callback, Make.integer(1), Make.code("s."))
        #expect(try open(Make.file(kept)).names == ["a"])
        let called = Make.program(callback, [0x29], Make.reduce)
        #expect(refusal(Make.file(called))?.description.contains("is called") == true)
    }

    private static let damagedPrograms: [([UInt8], String)] = [
        (Make.code("."), "a value is popped where there is none"),
        (Make.code("u."), "a mark is missing"),
        (Make.code("}(0."), "a value is popped where there is none"),
        (Make.code("h\u{5}."), "the memo has no value 5"),
        (Make.code("q\u{5}."), "a value is read where there is none"),
        (Make.program(Make.code("}}b"), [0x81]), "torch.save does not write the opcode 0x81"),
        (Make.code("]}b."), "attributes are set on a list"),
        (Make.code("}(NNNu."), "3 keys and values are set in a dictionary"),
        (Make.code("NNR"), "None is called with None"),
        (Make.code("NQ."), "a storage is not described like those of torch.save"),
        ([0x58, 255, 255, 255, 255], "a text of 4294967295 bytes is too long"),
        ([0x58, 2, 0, 0, 0, 0xC3, 0x28], "a text is not UTF-8"),
        ([0x8A, 200], "an integer of 200 bytes is too large"),
        ([0x80, 9], "the protocol is 9"),
        (Make.code("N."), "a dictionary of tensors is expected"),
        (Make.code("}."), "a dictionary of tensors is expected"),
    ]

    private static let damagedTensors: [([UInt8], String)] = [
        (Make.pickle(key: "1"), "the storage \"1\" is not in the archive"),
        (Make.pickle(key: "../data.pkl"), "is not in the archive"),
        (Make.pickle(count: 5), "should have 5 elements of F32, but has 16 bytes"),
        (Make.pickle(count: .max), "should have 9223372036854775807 elements"),
        (Make.pickle(count: -1), "a storage is not described like those of torch.save"),
        (Make.pickle(offset: 1), "it needs element 4, but its storage has 4"),
        (Make.pickle(offset: -1), "is impossible"),
        (Make.pickle(strides: [3, 1]), "it needs element 4, but its storage has 4"),
        (Make.pickle(strides: [.max, .max]), "are too large"),
        (Make.pickle(strides: [-1, 1]), "is impossible"),
        (Make.pickle(strides: [1]), "2 lengths and 1 strides do not fit"),
        (Make.pickle(shape: [.max, .max], strides: [0, 0]), "is impossible"),
        (Make.pickle(shape: [1 << 40], strides: [0]), "are larger than the file"),
        (Make.pickle(shape: [3, .max, .max], strides: [1, 1, 1]), "is impossible"),
        (
            Make.pickle(shape: [Int](repeating: 1, count: 17)),
            "the call of torch._utils._rebuild_tensor_v2 is not one of torch.save"
        ),
    ]

    @Test("Refuses damage", arguments: damagedPrograms + damagedTensors)
    func refusesDamage(pickle: [UInt8], message: String) throws {
        let error = refusal(Make.file(pickle))
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    /// Prevents a stack that overflows, or memory that grows, by what refers to itself.
    @Test("Nesting and cycles are harmless") func nestingAndCyclesAreHarmless() throws {
        let lists = Make.repeated("]", 900_000)
        let appends = Make.repeated("a", 899_999)
        let tuples = [UInt8](repeating: 0x85, count: 900_000)
        // Each tuple holds the one before twice: 2^100000 if anyone counted.
        let doubles = (0..<100_000).flatMap { _ -> [UInt8] in [0x32, 0x86] }
        let programs: [[UInt8]] = [
            Make.program(lists, appends, Make.stop),
            Make.program(Make.code("N"), tuples, Make.stop),
            Make.program(Make.code("]q\u{0}h\u{0}a"), Make.stop),
            Make.program(Make.code("N"), doubles, Make.stop),
        ]
        for program in programs { #expect(refusal(Make.file(program))?.problem == .noWeights) }
        let endless = Make.program(Make.repeated("N", 2_100_000))
        let message = refusal(Make.file(endless))?.description
        #expect(message?.contains("it has more than 2000000 opcodes") == true)
    }

    /// Prevents a download that broke off anywhere from loading or crashing.
    @Test("Refuses a file cut anywhere") func refusesAFileCutAnywhere() throws {
        let whole = Make.file(Make.pickle())
        for count in 0..<whole.count { #expect(refusal(Array(whole[..<count])) != nil) }
        let pickle = Make.pickle()
        for count in 0..<pickle.count {
            #expect(refusal(Make.file(Array(pickle[..<count]))) != nil)
        }
    }

    /// Prevents a crash at any byte of the file that is not what it should be.
    @Test("Survives any byte") func survivesAnyByte() throws {
        let whole = Make.file(Make.pickle())
        let scratch = try ScratchFolder()
        for place in whole.indices {
            for change: UInt8 in [0xFF, 0x01] {
                var bytes = whole
                bytes[place] ^= change
                let path = try scratch.write("a.ckpt", bytes)
                do {
                    let file = try TorchFile(path)
                    for name in file.names { _ = try file.withBytes(of: name) { $0.count } }
                } catch is TorchFileError {
                }
            }
        }
    }

    @Test("Refuses archives") func refusesArchives() throws {
        let pickle = Make.pickle()
        let cases: [([UInt8], String)] = [
            (Make.code("PK\u{3}\u{4}"), "its end is missing; the download may be incomplete"),
            (Make.archive([("x/y", [1])]), "one entry data.pkl is expected, found 0"),
            (
                Make.archive([("x/data.pkl", pickle), ("y/data.pkl", pickle)]),
                "one entry data.pkl is expected, found 2"
            ),
            (
                Make.archive([("x/data.pkl", pickle), ("x/data.pkl", pickle)]),
                "\"x/data.pkl\" is duplicate"
            ),
            (Make.file(pickle, byteOrder: "big"), "it is not little-endian"),
            ([0x80, 2, 0x8A, 10], "this is the format of PyTorch before 1.6, a bare pickle"),
        ]
        for (bytes, message) in cases {
            let error = refusal(bytes)
            #expect(error?.description.contains(message) == true, "\(String(describing: error))")
        }
        // Sizes that lie: of the entry, of the list, of its place; and a compressed entry.
        let whole = Make.archive([("x/data.pkl", pickle)])
        let directory = whole.count - 22 - 46 - 10
        for (place, bytes) in [
            (directory + 20, [255, 0, 0, 0, 255, 0, 0, 0]), (directory + 24, [1]),
            (directory + 42, [1]), (directory + 10, [8]), (directory + 8, [1]),
            (whole.count - 10, [255, 255]), (whole.count - 6, [255, 255]),
            (whole.count - 12, [2]), (26, [1]),
            (directory + 20, [255, 255, 255, 255, 255, 255, 255, 255]),
        ] as [(Int, [UInt8])] {
            var lying = whole
            lying.replaceSubrange(place..<place + bytes.count, with: bytes)
            guard case .archive = refusal(lying)?.problem else {
                Issue.record("\(place) \(bytes) is taken")
                continue
            }
        }
    }

    private func open(_ bytes: [UInt8]) throws -> TorchFile {
        let scratch = try ScratchFolder()
        return try TorchFile(try scratch.write("a.ckpt", bytes))
    }

    private func refusal(_ bytes: [UInt8]) -> TorchFileError? {
        #expect(throws: TorchFileError.self) { try open(bytes) }
    }
}
