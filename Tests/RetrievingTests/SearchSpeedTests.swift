import Basics
import Dispatch
import Foundation
import JamTesting
import Retrieving
import Synchronization
import Testing

/// The rows and rounds of scripts/bench-retrieval, which reads what is printed here.
private let asked = ProcessInfo.processInfo.environment["JAM_BENCH_RETRIEVAL"]
    .map { $0.split(separator: " ").compactMap { Int($0) } }

@Suite(.enabled(if: asked?.count == 3)) struct SearchSpeedTests {
    private static let width = 512

    @Test("Times sums and searches") func timesSumsAndSearches() throws {
        guard let asked else { return }
        let (count, queries, rounds) = (asked[0], asked[1], asked[2])
        let scratch = try ScratchFolder()
        let path = scratch.file("bank")
        let source = EmbeddingSource(name: "random", digest: "0")
        try BankWriter.create(at: path, width: Self.width, source: source)
        let additionTime = try seconds {
            var writer = try BankWriter(path)
            for start in stride(from: 0, to: count, by: 10_000) {
                let end = min(start + 10_000, count)
                let vectors = randomVectors(end - start, Self.width, seed: UInt64(start))
                try writer.append(numbered(start..<end), vectors: vectors)
            }
        }
        print("retrieval: added \(additionTime)")
        let bank = try BankReader(path)
        let file = try MappedFile(path + "/vectors.bf16")
        let questions = randomVectors(queries, Self.width, seed: 99)
        for _ in 0..<rounds {
            var found: [[Neighbor]] = []
            let sumTime = try seconds { try sum(file) }
            let searchTime = try seconds { found = try bank.nearest(to: questions, limit: 10) }
            let singleTime = try seconds { _ = try bank.nearest(to: [questions[0]], limit: 10) }
            #expect(found.count == queries)
            print("retrieval: round \(sumTime) \(searchTime) \(singleTime)")
        }
    }

    /// Reads all bytes on all cores with as little work as possible.
    private func sum(_ file: MappedFile) throws {
        let piece = 16 << 20
        let total = Mutex<UInt64>(0)
        try inParallel((file.bytes.count + piece - 1) / piece) { index in
            let part = file.bytes[(index * piece)...].prefix(piece)
            var own: UInt64 = 0
            UnsafeRawBufferPointer(rebasing: part).withMemoryRebound(to: UInt64.self) { numbers in
                for number in numbers { own &+= number }
            }
            total.withLock { $0 &+= own }
        }
        #expect(total.withLock { $0 } != 0)
    }

    private func seconds(_ body: () throws -> Void) rethrows -> Double {
        let start = DispatchTime.now().uptimeNanoseconds
        try body()
        return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    }
}
