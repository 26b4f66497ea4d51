import Foundation
import Jam
import JamTesting
import Testing

/// The facade as a Swift package uses it, with the shipped parents.
@Suite struct FusionTests {
    private static let models = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "models/dictionary").path

    private static func fusion(_ method: Fusion.Method) throws -> Fusion {
        try Fusion(method, text: models + "/text", image: models + "/image")
    }

    @Test("Plan has sizes and tables") func planHasSizesAndTables() throws {
        let plan = try Self.fusion(.uniform()).plan
        #expect(plan.parameterCount == 6_039_552)
        #expect(plan.byteCount == 4 * plan.parameterCount)
        #expect(plan.description.hasPrefix("JAM-Uniform of\n"))
        #expect(plan.json.hasPrefix("{"))
    }

    @Test("Reports progress and writes a folder") func reportsProgressAndWritesAFolder()
        async throws
    {
        let scratch = try ScratchFolder()
        let fusion = try Self.fusion(.cross(every: 4))
        var last: Fusion.Progress?
        for try await progress in fusion.run(to: scratch.file("fused"), verifying: true) {
            #expect(progress.byteCount >= last?.byteCount ?? 0)
            last = progress
        }
        #expect(last?.byteCount == 2 * fusion.plan.byteCount)
        #expect(last?.total == last?.byteCount)
        #expect(try scratch.list() == ["fused"])
        let error = await #expect(throws: JamError.self) {
            try await fusion.write(to: scratch.file("fused"))
        }
        #expect(error?.kind == .cannotCreate)
    }

    /// Prevents half a model, and work that goes on unseen, after a task was cancelled.
    @Test("Cancelling leaves nothing") func cancellingLeavesNothing() async throws {
        let scratch = try ScratchFolder()
        let fusion = try Self.fusion(.width())
        let output = scratch.file("fused")
        let task = Task { try await fusion.write(to: output) }
        task.cancel()
        let error = await #expect(throws: JamError.self) { try await task.value }
        #expect(error?.kind == .interrupted)
        #expect(error?.description == "interrupted; nothing was written")
        #expect(try scratch.list() == [])
    }

    @Test("Errors say who can act") func errorsSayWhoCanAct() throws {
        func error(_ method: Fusion.Method, text: String = Self.models + "/text") -> JamError? {
            #expect(throws: JamError.self) {
                try Fusion(method, text: text, image: Self.models + "/image")
            }
        }
        #expect(error(.cross(every: 0))?.kind == .invalidSetting)
        let missing = error(.uniform(), text: "nowhere")
        #expect(missing?.kind == .notFound)
        #expect(missing?.description == "nowhere: there is no such folder")
    }
}
