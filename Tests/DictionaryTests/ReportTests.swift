import Basics
import Dictionary
import Documents
import Evaluating
import Foundation
import Generating
import JamTesting
import Models
import Testing
import Training
import Vision
import Vocabulary

@Suite struct ReportTests {
    /// Measures tiny random models through the folders and files that real ones have.
    @Test func reportMeasuresWhatIsThere() throws {
        let scratch = try ScratchFolder()
        let plan = ReportPlan(
            models: [
                .init("text", label: "text parent", folder: scratch.file("text"), .textParent),
                .init("image", label: "image parent", folder: scratch.file("image"), .imageParent),
                .init("cross", label: "Cross", folder: scratch.file("cross"), .tuned),
                .init("width", label: "Width", folder: scratch.file("width"), .tuned),
            ],
            ablations: [
                .init(.methods, [.init("cross", model: "cross"), .init("width", model: "width")])
            ]
        )
        try TinyModelFolder.write(to: scratch.file("text"), seed: 1, draws: false)
        try TinyModelFolder.write(to: scratch.file("image"), seed: 2, draws: true)
        try TinyModelFolder.write(to: scratch.file("cross"), seed: 3, draws: true)
        let data = try SharedDictionary.data
        let options = ReportOptions(
            limit: 3,
            sampleSize: 4,
            batchSize: 2,
            drawing: AnswerOptions(seed: 5)
        )
        let report = try DictionaryReport.measure(plan, on: data, options)

        #expect(report.counts.concepts == 3)
        #expect(report.missing.map(\.name) == ["width"])
        #expect(report.figures["text"]?.drawings == nil)
        #expect(report.figures["image"]?.illustrations == nil)
        #expect(report.figures["cross"]?.illustrations?.count == report.counts.definitions)
        for name in ["image", "cross"] {
            let drawings = try #require(report.figures[name]?.drawings)
            #expect(drawings.count == 3)
            for drawing in drawings {
                #expect(drawing.concept.split == .heldOut)
                #expect(
                    drawing.rank == data.index.rank(of: drawing.concept.id, in: drawing.image)
                )
            }
        }
        let cross = try #require(report.figures["cross"])
        try expectDefinitions(cross, in: scratch.file("cross"), of: report)
        try expectDrawings(cross, in: scratch.file("cross"), options)
        try expectTable(report)
        try expectFiles(report, scratch)
    }

    /// Compares with examples that are put together here, whole sentences as they are trained on.
    private func expectDefinitions(
        _ figures: ModelFigures,
        in folder: String,
        of report: DictionaryReport
    ) throws {
        let generator = try MultimodalModel(contentsOf: folder)
        let (space, encode) = (generator.tokenizer.space, generator.tokenizer.text.encode)
        let concepts = try #require(figures.drawings).map(\.concept)
        var examples: (asked: [TrainingExample], prose: [TrainingExample]) = ([], [])
        for concept in concepts {
            guard let definition = concept.definition else { continue }
            let sentence = encode(definition.sentence)
            let ending = definition.text.hasSuffix(".") ? "" : "."
            let counting = encode(" \(definition.text)\(ending)").count
            let question = "What \(concept.phrase.verb) \(concept.phrase.indefinite)?"
            func example(_ before: [Int]) -> TrainingExample {
                let tokens = before + sentence
                let weights = tokens.indices.map { Float($0 >= tokens.count - counting ? 1 : 0) }
                return TrainingExample(tokens: tokens, weights: weights)
            }
            // What stands in the reference answer to the same question.
            let item = try SharedDictionary.data.evaluation.first {
                $0.kind == .define && $0.concepts == [concept]
            }
            let images = try #require(item).reference.images
            let codes = try #require(generator.tokenizer.image).encode(images)[0]
            examples.asked.append(
                example(
                    [space[.end], space[.user]] + encode(question) + [space[.assistant]]
                        + [space[.imageStart]] + codes.map(space.token(imageCode:))
                )
            )
            examples.prose.append(example([space[.end]]))
        }
        #expect(report.counts.definitions == examples.asked.count && !examples.asked.isEmpty)
        let evaluator = try Evaluator(generator)
        let asked = try #require(Perplexity(evaluator.losses(of: examples.asked).total))
        let prose = try #require(Perplexity(evaluator.losses(of: examples.prose).total))
        #expect(figures.definitions == asked)
        #expect(figures.definitionsAsProse == prose)
        #expect(asked.weight == prose.weight && asked.nats != prose.nats)
    }

    /// Asks for the images one by one, which gives those of the batches.
    private func expectDrawings(
        _ figures: ModelFigures,
        in folder: String,
        _ options: ReportOptions
    ) throws {
        let generator = try MultimodalModel(contentsOf: folder)
        for (index, drawing) in try #require(figures.drawings).enumerated() {
            let question = "Draw \(drawing.concept.phrase.indefinite)."
            let answer = try generator.generate(
                Document([.text(question, role: .user)]),
                Self.drawing(seed: 5 + UInt64(index))
            )
            #expect(answer.document.images == [drawing.image])
        }
        // Explanations begin with an image.
        let shown = try #require(figures.illustrations?.first)
        let phrase = shown.concept.phrase
        #expect(shown.concept.definition != nil)
        let answer = try generator.generate(
            Document([.text("What \(phrase.verb) \(phrase.indefinite)?", role: .user)]),
            Self.drawing(seed: 5)
        )
        #expect(answer.document.images == [shown.image])
    }

    private func expectTable(_ report: DictionaryReport) throws {
        let rows = report.table.rows
        #expect(
            rows.map(\.label) == [
                "text parent", "image parent", "Cross", "Width (not run)",
                "the images through the image tokenizer",
            ]
        )
        let keys = report.table.columns.map(\.key)
        let prose = try #require(keys.firstIndex(of: "prose_forgetting"))
        let codes = try #require(keys.firstIndex(of: "code_forgetting"))
        #expect(rows[0].values[prose] == 0 && rows[1].values[codes] == 0)
        #expect(rows[0].values[codes] == nil)
        let (own, parent) = (report.figures["cross"]?.prose, report.figures["text"]?.prose)
        #expect(rows[2].values[prose] == (try #require(own).loss - (try #require(parent).loss)))
        #expect(rows[3].values.allSatisfy { $0 == nil })
    }

    private func expectFiles(_ report: DictionaryReport, _ scratch: ScratchFolder) throws {
        let folder = try DictionaryReport.folder(in: scratch.path, date: "2024-05-31")
        let path = try report.write(to: folder, date: "2024-05-31")
        #expect(path == scratch.file("dictionary-2024-05-31"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: path).sorted() == [
                "drawn.png", "methods.svg", "report.json", "report.md",
            ]
        )
        let json = try JSON(parsing: scratch.read("dictionary-2024-05-31/report.json"))
        let reader = try JSONReader(json, source: "report.json")
        let models = try reader.objects("models")
        #expect(try models.map { try $0.string("status") }.last == "not run")
        #expect(try models[2].array("drawings").count == 3)
        // Three concepts: what was asked for, and the drawings of the image parent and of Cross.
        let sheet = try Image(contentsOf: URL(filePath: path + "/drawn.png"))
        #expect(sheet.width == 3 * 68 + 4 && sheet.height == 3 * 68 + 4)
        let own = try #require(report.figures["cross"]?.drawings?.last)
        #expect(sheet.cropped(x: 2 * 68 + 4, y: 2 * 68 + 4, width: 64, height: 64) == own.image)
        let page = String(
            decoding: try scratch.read("dictionary-2024-05-31/report.md"),
            as: UTF8.self
        )
        #expect(page.contains("From the top: what was asked for; image parent; Cross.\n"))
        #expect(page.contains("- Width: there is no folder `\(scratch.file("width"))`"))
        #expect(throws: FileError.exists(path: path)) {
            _ = try DictionaryReport.folder(in: scratch.path, date: "2024-05-31")
        }
        for date in ["31.5.2024", "2024-02-30", "2024-13-01"] {
            #expect(throws: ReportError.date(found: date)) {
                _ = try DictionaryReport.folder(in: scratch.path, date: date)
            }
        }
    }

    /// Prevents definitions whose tokens, taken apart from the sentence's beginning, are not those
    /// that were trained on.
    @Test func definitionsAreTheSameTokensInTheirSentences() throws {
        let tokenizer = try TinyModelFolder.tokenizer()
        let definitions = try SharedDictionary.data.concepts.compactMap(\.definition)
        #expect(definitions.count > 500)
        for definition in definitions {
            let sentence = definition.sentence
            let rest = try #require(sentence.range(of: " " + definition.text)).lowerBound
            let (lead, text) = (String(sentence[..<rest]), String(sentence[rest...]))
            #expect(tokenizer.encode(lead) + tokenizer.encode(text) == tokenizer.encode(sentence))
        }
    }

    private static func drawing(seed: UInt64) -> AnswerOptions {
        var options = AnswerOptions(seed: seed)
        options.images = .sampled(temperature: 0.9, topP: 0.9)
        options.guidance = .classifierFree(2)
        options.imageCount = 1...1
        options.maximumTextTokens = 0
        return options
    }
}
