package import Basics
internal import Documents
package import Generating
internal import Models
internal import Vision

/// What an image parent draws from captions and says about pictures, by itself.
package struct ParentReport {
    /// Which pictures are captioned, and things drawn.
    package enum Group: String, CaseIterable {
        /// The first drawing of every thing.
        case first = "first drawings"
        /// The first drawing of things that stand out from another background than white, on one.
        case colored = "first drawings on colors"
        /// Other drawings that captions show.
        case others = "other drawings"
        /// Drawings that no training data shows.
        case heldOut = "held-out drawings"

        /// Whether things are drawn again: of other drawings a caption does not say which.
        var isDrawn: Bool { self == .first || self == .colored }
    }

    /// How much of one group is right.
    package struct Row {
        package let group: Group
        package let count: Int
        let captioned: Int
        /// `nil` where things are not drawn again.
        package let drawn: Int?
        /// How many are recognized after encoding and decoding, an upper bound of ``drawn``.
        package let recognized: Int
    }

    private static let batchSize = 32
    package let rows: [Row]

    /// Captions large pictures, and draws things by caption.
    ///
    /// - Parameters:
    ///   - model: the folder of the image parent.
    ///   - book: the things.
    ///   - limit: the most pictures of a group.
    ///   - options: how pictures are drawn, and the seed.
    ///   - onProgress: is told how much is done.
    /// - Returns: what was counted.
    /// - Throws: what is wrong with the model.
    package static func measure(
        _ model: String,
        on book: PictureBook,
        limit: Int,
        _ options: AnswerOptions,
        onProgress: @escaping ProgressHandler
    ) throws -> ParentReport {
        let model = try MultimodalModel(contentsOf: model)
        let imageTokenizer = try model.tokenizer.decoder()
        let index = ConceptIndex(book.concepts, painter: book.painter)
        let scenes = Dictionary(
            uniqueKeysWithValues: Group.allCases.map { ($0, book.scenes(of: $0).spread(to: limit)) }
        )
        let total = scenes.reduce(0) { $0 + $1.value.count * ($1.key.isDrawn ? 2 : 1) }
        let progress = Progress("asking", total: total, unit: "pictures", to: onProgress)
        var done = 0
        func answers(_ prompts: [Document], _ options: AnswerOptions) throws -> [Document] {
            var answers: [Document] = []
            for start in stride(from: 0, to: prompts.count, by: batchSize) {
                let batch = Array(prompts[start...].prefix(batchSize))
                answers += try model.generate(batch, options).map(\.document)
                done += batch.count
                progress.advance(to: done)
            }
            return answers
        }
        var captioning = options
        captioning.text = .greedy
        captioning.imageCount = 0...0
        captioning.maximumTextTokens = 24
        var drawing = options
        drawing.imageCount = 1...1
        drawing.maximumTextTokens = 0
        let rows = try Group.allCases.map { group in
            let scenes = scenes[group] ?? []
            let pictures = scenes.map { Document([.image(book.painter.image(of: $0))]) }
            let captions = try answers(pictures, captioning)
            let decoded = try imageTokenizer.decode(
                imageTokenizer.encode(pictures.flatMap(\.images))
            )
            func isRight(_ scene: Scene, _ image: Image?) -> Bool {
                guard let image else { return false }
                return index.rank(of: scene.concept.id, in: image) == 1
                    && ImageFingerprint(image)?.background == scene.background
            }
            let captioned = zip(scenes, captions).count { scene, caption in
                scene.concept.answerWords.contains { caption.text.says($0) }
            }
            var drawn: Int?
            if group.isDrawn {
                let images = try answers(scenes.map { Document([.text($0.phrase)]) }, drawing)
                drawn = zip(scenes, images).count { isRight($0, $1.images.first) }
            }
            return Row(
                group: group,
                count: scenes.count,
                captioned: captioned,
                drawn: drawn,
                recognized: zip(scenes, decoded).count(where: isRight)
            )
        }
        progress.finish(at: done)
        return ParentReport(rows: rows)
    }

    /// A line for each group.
    package var text: String {
        rows.map { row in
            func percent(_ count: Int) -> String {
                "\((1000 * Double(count) / Double(max(1, row.count))).rounded() / 10) %"
            }
            return "\(row.count) \(row.group.rawValue): captioned \(percent(row.captioned))"
                + (row.drawn.map { ", drawn \(percent($0))" } ?? "")
                + ", recognized after the image tokenizer \(percent(row.recognized))"
        }.joined(separator: "\n")
    }

    package var json: JSON {
        let rows = rows.map { row -> JSON in
            [
                "pictures": .string(row.group.rawValue), "count": .integer(row.count),
                "captioned": .integer(row.captioned),
                "drawn": row.drawn.map(JSON.integer) ?? .null,
                "recognized": .integer(row.recognized),
            ]
        }
        return ["rows": .array(rows)]
    }
}

extension PictureBook {
    /// Large pictures of a group's drawings.
    package func scenes(of group: ParentReport.Group) -> [Scene] {
        concepts.enumerated().flatMap { number, concept in
            let drawings: [Int] =
                switch group {
                case .first, .colored: [0]
                case .others: concept.trainedDrawings.filter { $0 > 0 }
                case .heldOut: concept.heldOutDrawing.map { [$0] } ?? []
                }
            guard group == .colored else { return drawings.map { Scene(concept, drawing: $0) } }
            var random = SeededGenerator(seed: 6, UInt64(number))
            let colors = painter.backgrounds(for: concept, drawing: 0).filter { $0 != .white }
            return colors.randomElement(using: &random).map { [Scene(concept, on: $0)] } ?? []
        }
    }
}
