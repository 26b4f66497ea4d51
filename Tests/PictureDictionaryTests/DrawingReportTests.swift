import Basics
import Documents
import Evaluating
import Foundation
import JamTesting
import PictureDictionary
import Retrieving
import Testing
import Vision

@Suite struct DrawingReportTests {
    /// Prevents a table whose numbers are not those of the images shown.
    @Test("Reports what it shows") func reportsWhatItShows() throws {
        let scratch = try ScratchFolder()
        try TinyModelFolder.write(to: scratch.file("image"), seed: 2, draws: true)
        let data = try SharedDictionary.data
        let clipFolder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "models/dictionary/clip").path
        let clip = try CLIPEmbedder(clipFolder)
        let bank = scratch.file("bank")
        try BankWriter.create(at: bank, width: clip.width, source: clip.source)
        var writer = try BankWriter(bank)
        try writer.append(["a lion", "a fox"].map { Document([.text($0)]) }, with: clip)
        let report = try DrawingReport.measure(
            scratch.file("image"),
            clip: clipFolder,
            recalling: scratch.file("image"),
            bank: bank,
            on: data,
            ReportOptions(limit: 3, batchSize: 2, seed: 5)
        )
        let path = try report.files(date: "2024-05-31")
            .write(to: OutputFolder(at: scratch.file("drawings")))
        let sheet = try Image(contentsOf: URL(filePath: path + "/drawn.png"))
        #expect(sheet.width == 3 * 68 + 4 && sheet.height == (report.table.rows.count + 1) * 68 + 4)

        let concepts = data.concepts.filter { $0.split == .heldOut }
        let chosen = (0..<3).map { concepts[$0 * concepts.count / 3] }
        for (index, row) in report.table.rows.enumerated() {
            let y = 4 + (index + 1) * 68
            let ranks = chosen.enumerated().map { column, concept in
                data.index.rank(
                    of: concept.id,
                    in: sheet.cropped(x: 4 + column * 68, y: y, width: 64, height: 64)
                )
            }
            // The tiny model draws smaller images, which do not fill their cells.
            guard row.label.hasSuffix("left empty") else { continue }
            #expect(row.values[0] == RetrievalAccuracy(ranks: ranks).top(1))
            #expect(row.values[1] == RetrievalAccuracy(ranks: ranks).top(5))
        }
        let labels = report.table.rows.map(\.label)
        #expect(labels.count { $0.hasPrefix("best of 4 by CLIP, ") } == 6)
        #expect(labels.count { $0.contains(" retrieved, ") } == 8)
        let markdown = try String(contentsOfFile: path + "/report.md", encoding: .utf8)
        for row in report.table.rows { #expect(markdown.contains("| \(row.label) ")) }
        for concept in chosen { #expect(markdown.contains(concept.name)) }
    }
}
