public import Basics
internal import Documents
public import Evaluating
public import Generating

/// How a model of the picture dictionary draws in several ways: by guidance and contrastive decoding,
/// and regions of pictures anew.
public struct DrawingReport: Sendable {
    /// How often each way of drawing gave the right picture.
    public let table: ResultTable
    /// What the model was called.
    let model: String
    /// How many concepts were drawn each time.
    let conceptCount: Int
    /// The answers that the gallery can tell apart.
    let answerCount: Int
    let seed: UInt64
    /// Some of the concepts.
    let names: [String]
    /// Their pictures, a row for each way of drawing under the pictures themselves.
    let sheet: Picture

    /// Draws the held-out concepts in all ways.
    ///
    /// - Parameters:
    ///   - generator: the model.
    ///   - kind: how it is asked.
    ///   - model: what the report calls it.
    ///   - data: the dictionary that it was trained on.
    ///   - options: which concepts, how many side by side, and the seed.
    ///   - style: how progress is shown.
    /// - Returns: the figures and the pictures.
    /// - Throws: what the generator throws.
    public static func measure(
        _ generator: Generator,
        _ kind: ReportPlan.Kind,
        named model: String,
        on data: DictionaryData,
        _ options: ReportOptions,
        style: Basics.Progress.Style = .detected()
    ) throws -> DrawingReport {
        let concepts = ReportQuestions(data, options).concepts
        let manners = manners(generator, kind, data.painter, seed: options.drawing.seed)
        var table = ResultTable(
            "drawn by",
            [
                .init("picture_top_1", "right picture, first", .percent),
                .init("picture_top_5", "among five", .percent),
                .init("seconds", "s a picture", .decimal(2)),
            ]
        )
        var rows = [concepts.map { data.painter.picture(of: Scene($0)) }]
        let total = manners.count * concepts.count
        let progress = Progress("drawing", total: total, unit: "pictures", style: style)
        for (index, manner) in manners.enumerated() {
            let start = ContinuousClock.now
            var pictures: [Picture] = []
            while pictures.count < concepts.count {
                let batch = concepts.dropFirst(pictures.count).prefix(options.batchSize)
                pictures += try manner.draw(batch, pictures.count)
                progress.advance(
                    to: index * concepts.count + pictures.count,
                    note: manner.label
                )
            }
            let seconds = start.duration(to: .now) / .seconds(1)
            let accuracy = RetrievalAccuracy(
                ranks: zip(concepts, pictures).map { data.gallery.rank(of: $0.id, in: $1) }
            )
            table.append(
                .init(
                    manner.label,
                    [accuracy.top(1), accuracy.top(5), seconds / Double(concepts.count)]
                )
            )
            rows.append(pictures)
        }
        progress.finish(at: total)
        let columns = concepts.indices.spread(to: ContactSheet.maximumColumns)
        return DrawingReport(
            table: table,
            model: model,
            conceptCount: concepts.count,
            answerCount: Set(data.gallery.answerClasses.values).count,
            seed: options.drawing.seed,
            names: columns.map { concepts[$0].name },
            sheet: Picture.contactSheet(
                rows.flatMap { row in columns.map { row[$0] } },
                columns: columns.count
            )
        )
    }

    private static func manners(
        _ generator: Generator,
        _ kind: ReportPlan.Kind,
        _ painter: ScenePainter,
        seed: UInt64
    ) -> [DrawingManner] {
        let contrasts: [[Contrast]] =
            [1, 2, 3, 5].map { [.guidance($0)] }
            + [
                [.contrastive(k: 1, alpha: 0.1)], [.contrastive(k: 2, alpha: 0.5)],
                [.contrastive(k: 5, alpha: 0.1)], [.usual, .contrastive(k: 1, alpha: 0.1)],
            ]
        let holes = DrawingManner.Hole.allCases
        return contrasts.map { .drawn(by: generator, kind, $0, seed: seed) }
            + holes.flatMap { hole in
                [DrawingManner.empty(hole, painter)]
                    + [Contrast.guidance(1), .guidance(2)].map {
                        .repainted(by: generator, hole, painter, $0, seed: seed)
                    }
            }
    }
}
