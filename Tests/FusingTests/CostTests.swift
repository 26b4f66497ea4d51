import Basics
import Checkpoints
import Decoders
import Foundation
import Fusing
import JamTesting
import Layers
import Testing
import Vocabulary

/// What a fusion costs, for parents of 100 million parameters in BF16.
///
/// Run alone, for other tests' memory counts too:
/// `FUSION_COST=1 swift test -c release --filter CostTests`.
@Suite(
    .serialized,
    .enabled(if: ProcessInfo.processInfo.environment["FUSION_COST"] != nil)
)
struct CostTests {
    private static let config = TowerConfig(
        vocabularySize: 32_000,
        hiddenSize: 768,
        layerCount: 8,
        headCount: 12,
        keyValueHeadCount: 4,
        feedForwardSize: 2048,
        contextLength: 2048
    )

    private static let methods: [FusionMethod] = [
        .uniform(textShare: 0.5), .width(offDiagonal: .copy, norm: .whole),
        .cross(every: 1, direction: .both, start: .preserving()),
    ]

    /// Prevents a fusion that reads whole weights into memory: the largest here has 98 MB.
    @Test("Stays small", arguments: methods.indices) func staysSmall(_ index: Int) throws {
        let method = Self.methods[index]
        let scratch = try ScratchFolder()
        let fusion = try Fusion(
            scratch,
            text: Self.parent("text", seed: 1, in: scratch),
            image: Self.parent("image", seed: 2, in: scratch)
        )
        try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
        let before = try Self.memory("VmRSS")
        try fusion.run(FusionRecipe(method))
        let peak = try Self.memory("VmHWM") - before
        #expect(peak <= 40_000_000)
    }

    /// The bytes that the kernel counts of this process.
    private static func memory(_ key: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix(key) }
        let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
        return try #require(kilobytes.flatMap { Int($0) }) * 1024
    }

    /// A parent whose weights are cheap to make: small numbers from one generator.
    private static func parent(_ name: String, seed: UInt64, in scratch: ScratchFolder) throws
        -> String
    {
        let folder = scratch.file(name)
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        let declaration = try ParameterStore.declaration { try Decoder(config, $0) }
        let entries = declaration.map {
            WeightEntry(name: $0.name, elementType: .bfloat16, shape: $0.shape)
        }
        var generator = SeededGenerator(seed: seed)
        var writer = try SafetensorsWriter(folder + "/model.safetensors", entries: entries)
        for entry in entries {
            // 0x3C00 to 0x3CFF: BF16 numbers from 0.008 to 0.031.
            let halves = (0..<entry.byteCount / 2).map { _ in
                UInt16(0x3C00 + generator.next() % 256)
            }
            try halves.withUnsafeBytes { try writer.write($0, to: entry.name) }
        }
        try writer.finish()
        try AtomicFile.write(JSON.object(config.json).text(), to: folder + "/config.json")
        try TinyParent.tokenizer().write(to: URL(filePath: folder))
        return folder
    }
}
