import Basics
import Documents
import Evaluating
import Foundation
import Generating
import JamTesting
import Models
import PictureDictionary
import Testing
import Training
import Vision
import Vocabulary

@Suite struct ReportTests {
    /// Measures tiny random models through the folders and files that real ones have.
    @Test("Report measures what is there") func reportMeasuresWhatIsThere() throws {
        let scratch = try ScratchFolder()
        let models: [JSON] = [
            ("text", "text parent", "text_parent"), ("image", "image parent", "image_parent"),
            ("cross", "Cross", "tuned"), ("width", "Width", "tuned"),
        ].map { name, label, kind in
            [
                "name": .string(name), "label": .string(label),
                "folder": .string(scratch.file(name)), "kind": .string(kind),
            ]
        }
        let arms: JSON = [
            ["label": "cross", "model": "cross"], ["label": "width", "model": "width"],
        ]
        let plan = try ReportPlan(
            ["models": .array(models), "ablations": [["variable": "methods", "arms": arms]]],
            source: "plan"
        )
        try TinyModelFolder.write(to: scratch.file("text"), seed: 1, draws: false)
        try TinyModelFolder.write(to: scratch.file("image"), seed: 2, draws: true)
        try TinyModelFolder.write(to: scratch.file("cross"), seed: 3, draws: true)
        let data = try SharedDictionary.data
        let options = try ReportOptions(
            limit: 3,
            sampleSize: 4,
            batchSize: 2,
            guidance: .classifierFree(2),
            seed: 5
        )
        let report = try DictionaryReport.measure(plan, on: data, options)

        #expect(report.conceptCount == 3)
        #expect(report.missing.map(\.name) == ["width"])
        #expect(report.figures["text"]?.drawings == nil)
        #expect(report.figures["image"]?.illustrations == nil)
        #expect(report.figures["cross"]?.illustrations?.count == report.definitionCount)
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
        try expectAskedOtherwise(cross, in: scratch.file("cross"), of: report)
        try expectTable(report)
        try expectFiles(report, scratch)
    }

    /// Compares with examples that are put together here, whole sentences as they are trained on.
    private func expectDefinitions(
        _ figures: ModelFigures,
        in folder: String,
        of report: DictionaryReport
    ) throws {
        let model = try MultimodalModel(contentsOf: folder)
        let (space, encode) = (model.tokenizer.space, model.tokenizer.text.encode)
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
            let item = try SharedDictionary.data.questions.first {
                $0.kind == .define && $0.concepts == [concept]
            }
            let images = Document(try #require(item).answer).images
            let codes = try #require(model.tokenizer.image).encode(images)[0]
            examples.asked.append(
                example(
                    [space[.end], space[.user]] + encode(question) + [space[.assistant]]
                        + [space[.imageStart]] + codes.map(space.token(imageCode:))
                )
            )
            examples.prose.append(example([space[.end]]))
        }
        #expect(report.definitionCount == examples.asked.count && !examples.asked.isEmpty)
        let evaluator = try Evaluator(model)
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
        let model = try MultimodalModel(contentsOf: folder)
        for (index, drawing) in try #require(figures.drawings).enumerated() {
            let question = "Draw \(drawing.concept.phrase.indefinite)."
            let answer = try model.generate(
                Document([.text(question, role: .user)]),
                Self.answers(seed: 5 + UInt64(index))
            )
            #expect(answer.document.images == [drawing.image])
        }
        // Explanations begin with an image.
        let shown = try #require(figures.illustrations?.first)
        let phrase = shown.concept.phrase
        #expect(shown.concept.definition != nil)
        let answer = try model.generate(
            Document([.text("What \(phrase.verb) \(phrase.indefinite)?", role: .user)]),
            Self.answers(seed: 5)
        )
        #expect(answer.document.images == [shown.image])
    }

    /// Asks in held-out wordings, and after another question, which gives the images of the batches.
    private func expectAskedOtherwise(
        _ figures: ModelFigures,
        in folder: String,
        of report: DictionaryReport
    ) throws {
        let model = try MultimodalModel(contentsOf: folder)
        let drawing = try #require(figures.heldOutDrawings?.first)
        let phrase = drawing.concept.phrase.indefinite
        let drawn = try model.generate(
            Document([.text("Paint \(phrase).", role: .user)]),
            Self.answers(seed: 5)
        )
        #expect(drawn.document.images == [drawing.image])
        let illustration = try #require(figures.heldOutIllustrations?.first)
        let explained = try model.generate(
            Document([
                .text("Define \(illustration.concept.phrase.indefinite).", role: .user)
            ]),
            Self.answers(seed: 5)
        )
        #expect(explained.document.images == [illustration.image])

        let second = try #require(figures.secondTurns?.first)
        let data = try SharedDictionary.data
        let opener = try #require(
            data.concepts.first { $0.split == .tuning && $0.definition != nil }
        )
        let sentence = try #require(opener.definition).sentence
        let question = "What \(opener.phrase.verb) \(opener.phrase.indefinite)?"
        let answer = try model.generate(
            Document([
                .text(question, role: .user),
                .image(data.painter.image(of: Scene(opener)), role: .assistant),
                .text(sentence, role: .assistant),
                .text("Draw \(second.concept.phrase.indefinite).", role: .user),
            ]),
            Self.answers(seed: 5)
        )
        #expect(answer.document.images == [second.image])

        #expect(figures.heldOutDrawings?.map(\.concept) == figures.drawings?.map(\.concept))
        #expect(figures.secondTurns?.map(\.concept) == figures.drawings?.map(\.concept))
        #expect(
            figures.heldOutIllustrations?.map(\.concept) == figures.illustrations?.map(\.concept)
        )
        let rows = report.askedTable.rows
        #expect(rows.map(\.label) == ["Cross", "Width (not run)"])
        let ranks = try #require(figures.secondTurns).map(\.rank)
        #expect(rows[0].values.suffix(2).first == RetrievalAccuracy(ranks: ranks).top(1))
        #expect(rows[1].values.allSatisfy { $0 == nil })
    }

    private func expectTable(_ report: DictionaryReport) throws {
        let rows = report.table.rows
        #expect(
            rows.map(\.label) == [
                "text parent", "image parent", "Cross", "Width (not run)",
                "reference images, encoded and decoded",
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
        let folder = try OutputFolder(at: scratch.file("report"))
        let path = try report.files(date: "2024-05-31").write(to: folder)
        #expect(path == scratch.file("report"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: path).sorted() == [
                "drawn.png", "methods.svg", "report.json", "report.md",
            ]
        )
        let json = try JSON(parsing: scratch.read("report/report.json"))
        let reader = try JSONReader(json, source: "report.json")
        let models = try reader.objects("models")
        #expect(try models.map { try $0.string("status") }.last == "not run")
        #expect(try models[2].array("drawings").count == 3)
        // Three concepts: what was asked for, and the drawings of the image parent and of Cross.
        let sheet = try Image(contentsOf: URL(filePath: path + "/drawn.png"))
        #expect(sheet.width == 3 * 68 + 4 && sheet.height == 3 * 68 + 4)
        let own = try #require(report.figures["cross"]?.drawings?.last)
        #expect(sheet.cropped(x: 2 * 68 + 4, y: 2 * 68 + 4, width: 64, height: 64) == own.image)
        let page = String(decoding: try scratch.read("report/report.md"), as: UTF8.self)
        #expect(page.contains("From the top: reference; image parent; Cross.\n"))
        #expect(page.contains("- Width: there is no folder `\(scratch.file("width"))`"))
    }

    /// Prevents definitions whose tokens, taken apart from the sentence's beginning, are not those
    /// that were trained on.
    @Test("Definitions are the same tokens in their sentences")
    func definitionsAreTheSameTokensInTheirSentences() throws {
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

    private static func answers(seed: UInt64) -> AnswerOptions {
        var options = AnswerOptions(seed: seed)
        options.images = .sampled(temperature: 0.9, topP: 0.9)
        options.guidance = .classifierFree(2)
        options.imageCount = 1...1
        options.maximumTextTokens = 0
        return options
    }
}
