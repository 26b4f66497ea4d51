public import Basics
internal import Documents
public import Evaluating
public import Generating
public import Retrieving
public import Vision

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
    ///   - generator: the image parent.
    ///   - model: what the report calls it.
    ///   - embedder: a CLIP model that chooses among candidates.
    ///   - recalling: a model that was trained with retrieval, and its memory.
    ///   - data: the dictionary that it was trained on.
    ///   - options: which concepts, how many side by side, and the seed.
    ///   - style: how progress is shown.
    /// - Returns: the figures and the pictures.
    /// - Throws: what the generator throws.
    public static func measure(
        _ generator: Generator,
        named model: String,
        choosingBy embedder: CLIPEmbedder? = nil,
        recalling: Recalling? = nil,
        on data: DictionaryData,
        _ options: ReportOptions,
        style: Basics.Progress.Style = .detected()
    ) throws -> DrawingReport {
        // Known at once, not after hundreds of pictures.
        try generator.checkRepaints()
        let concepts = ReportQuestions(data, options).concepts
        let seed = options.drawing.seed
        let manners =
            Self.contrasts(generator, seed) + Self.choices(embedder, generator, seed)
            + Self.holes(generator, data.painter, seed) + Self.recollections(recalling, seed)
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

    private static func contrasts(_ generator: Generator, _ seed: UInt64) -> [DrawingManner] {
        let contrasts: [[Contrast]] =
            [1, 2, 3, 5].map { [.guidance($0)] }
            + [
                [.contrastive(k: 1, alpha: 0.1)], [.contrastive(k: 2, alpha: 0.5)],
                [.contrastive(k: 5, alpha: 0.1)], mix,
            ]
        return contrasts.map { .drawn(by: generator, $0, seed: seed) }
    }

    /// Half with guidance and half by contrastive decoding (CM3Leon, section 2.4).
    private static let mix = [Contrast.usual, .contrastive(k: 1, alpha: 0.1)]

    private static func choices(
        _ embedder: CLIPEmbedder?,
        _ generator: Generator,
        _ seed: UInt64
    ) -> [DrawingManner] {
        guard let embedder else { return [] }
        return [[.guidance(1)], [.usual], [mix[1]], mix].map {
            .chosen(by: embedder, of: candidateCount, by: generator, $0, seed: seed)
        }
    }

    private static func holes(_ generator: Generator, _ painter: ScenePainter, _ seed: UInt64)
        -> [DrawingManner]
    {
        DrawingManner.Hole.allCases.flatMap { hole in
            [DrawingManner.empty(hole, painter)]
                + [Contrast.guidance(1), .guidance(2)].map {
                    .repainted(by: generator, hole, painter, $0, seed: seed)
                }
        }
    }

    /// How many pictures CLIP chooses from.
    static let candidateCount = 4

    private static func recollections(_ recalling: Recalling?, _ seed: UInt64) -> [DrawingManner] {
        guard let recalling else { return [] }
        let (generator, retriever) = (recalling.generator, recalling.retriever)
        func retrieval(_ count: Int) -> (([Document]) throws -> [[Document]])? {
            guard count > 0 else { return nil }
            return { try retriever.retrieve(count, for: $0).map(retriever.documents) }
        }
        func label(_ count: Int, _ contrast: Contrast) -> String {
            "\(count) retrieved, \(contrast.summary)"
        }
        let plain = [Contrast.guidance(1), .usual].flatMap { contrast in
            (0...2).map { count in
                DrawingManner.drawn(
                    by: generator,
                    [contrast],
                    seed: seed,
                    labelled: label(count, contrast),
                    behind: retrieval(count)
                )
            }
        }
        let chosen = [0, 2].map { count in
            DrawingManner.chosen(
                by: retriever.embedder,
                of: candidateCount,
                by: generator,
                [.usual],
                seed: seed,
                labelled: label(count, .usual),
                behind: retrieval(count)
            )
        }
        return plain + chosen
    }

    /// A model that was trained with retrieval, and what it retrieves from.
    public struct Recalling {
        let generator: Generator
        let retriever: Retriever<CLIPEmbedder>

        /// Joins them.
        public init(_ generator: Generator, _ retriever: Retriever<CLIPEmbedder>) {
            self.generator = generator
            self.retriever = retriever
        }
    }
}
