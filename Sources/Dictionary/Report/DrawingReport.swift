package import Basics
internal import Documents
package import Evaluating
package import Generating
package import Models
package import Vision

/// How a model of the picture dictionary draws in several ways: by guidance and contrastive decoding,
/// and regions of images anew.
package struct DrawingReport: Sendable {
    /// How often each way of drawing gave the right image.
    package let table: ResultTable
    /// What the model was called.
    let model: String
    /// How many concepts were drawn each time.
    let conceptCount: Int
    /// The answers that the gallery can tell apart.
    let answerCount: Int
    let seed: UInt64
    /// Some of the concepts.
    let names: [String]
    /// Their images, a row for each way of drawing under the images themselves.
    let sheet: Image

    /// Draws the held-out concepts in all ways.
    ///
    /// - Parameters:
    ///   - generator: the image parent.
    ///   - model: what the report calls it.
    ///   - embedder: a CLIP model that chooses among candidates.
    ///   - recalling: a model that was trained with retrieval, and its memory.
    ///   - data: the dictionary that it was trained on.
    ///   - options: which concepts, how many side by side, and the seed.
    ///   - onProgress: takes the progress.
    /// - Returns: the figures and the images.
    /// - Throws: what the generator throws.
    package static func measure(
        _ generator: MultimodalModel,
        named model: String,
        choosingBy embedder: CLIPEmbedder? = nil,
        recalling: Recalling? = nil,
        on data: DictionaryData,
        _ options: ReportOptions,
        onProgress: @escaping ProgressHandler = { _ in }
    ) throws -> DrawingReport {
        // Known at once, not after hundreds of images.
        try generator.checkInpaints()
        let concepts = ReportQuestions(data, options).concepts
        let seed = options.drawing.seed
        let manners =
            contrasts(generator, seed) + choices(embedder, generator, seed)
            + holes(generator, data.painter, seed) + recollections(recalling, seed)
        var table = ResultTable(
            "drawn by",
            [
                .init("image_top_1", "right image, first", .percent),
                .init("image_top_5", "among five", .percent),
                .init("seconds", "s an image", .decimal(2)),
            ]
        )
        var rows = [concepts.map { data.painter.image(of: Scene($0)) }]
        let total = manners.count * concepts.count
        let progress = Progress("drawing", total: total, unit: "images", to: onProgress)
        for (index, manner) in manners.enumerated() {
            let start = ContinuousClock.now
            var images: [Image] = []
            while images.count < concepts.count {
                let batch = concepts.dropFirst(images.count).prefix(options.batchSize)
                images += try manner.draw(batch, images.count)
                progress.advance(
                    to: index * concepts.count + images.count,
                    note: manner.label
                )
            }
            let seconds = start.duration(to: .now) / .seconds(1)
            let accuracy = RetrievalAccuracy(
                ranks: zip(concepts, images).map { data.index.rank(of: $0.id, in: $1) }
            )
            table.append(
                .init(
                    manner.label,
                    [accuracy.top(1), accuracy.top(5), seconds / Double(concepts.count)]
                )
            )
            rows.append(images)
        }
        progress.finish(at: total)
        let columns = concepts.indices.spread(to: ContactSheet.maximumColumns)
        return DrawingReport(
            table: table,
            model: model,
            conceptCount: concepts.count,
            answerCount: Set(data.index.answerClasses.values).count,
            seed: options.drawing.seed,
            names: columns.map { concepts[$0].name },
            sheet: Image.contactSheet(
                rows.flatMap { row in columns.map { row[$0] } },
                columns: columns.count
            )
        )
    }
}
