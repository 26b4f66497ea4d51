import Basics
import Foundation
import Generating
import PictureDictionary
import Testing

/// What the image parent that ships draws and captions by itself.
@Suite struct ParentReportTests {
    @Test("First drawings are on white, colored ones on another background") func scenes() throws {
        let book = try SharedBook.book
        let first = book.scenes(of: .first)
        #expect(first.count == book.concepts.count)
        #expect(!first.contains { $0.phrase.contains("background") })
        let colored = book.scenes(of: .colored)
        #expect(colored.count > first.count / 2 && colored.count <= first.count)
        for scene in colored {
            #expect(scene.phrase.contains("background") && !scene.phrase.contains("white"))
        }
        #expect(Set(colored.compactMap { $0.phrase.split(separator: " on ").last }).count >= 5)
    }

    /// Prevents a row that counts an image on the wrong background as right: this parent draws most
    /// things on white and hardly any on another color (docs/log.md).
    @Test("What is drawn on white is mostly right, on colors mostly wrong") func shipped() throws {
        let report = try ParentReport.measure(
            URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../../models/book/image").standardized.path,
            on: SharedBook.book,
            limit: 8,
            AnswerOptions(seed: 3),
            onProgress: { _ in }
        )
        let rows = Dictionary(uniqueKeysWithValues: report.rows.map { ($0.group, $0) })
        #expect(rows.count == 4 && rows.values.allSatisfy { $0.count == 8 })
        let (first, colored) = (try #require(rows[.first]), try #require(rows[.colored]))
        #expect(try #require(first.drawn) >= 5)
        #expect(try #require(colored.drawn) <= 3)
        #expect(colored.recognized >= 7)
        #expect(rows[.others]?.drawn == nil)
        #expect(report.text.split(separator: "\n").count == 4)
    }
}
