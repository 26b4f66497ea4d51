package import Basics
import Documents
package import Evaluating
import Retrieving
import Vision

/// How well a model of the picture dictionary draws under many settings: guidance, contrastive
/// decoding, CLIP reranking, inpainting and retrieval.
package struct DrawingReport {
    /// The accuracy and speed of each arm.
    package let table: ResultTable
    private let model: String
    private let conceptCount: Int
    private let answerCount: Int
    private let seed: UInt64
    /// A row for each arm, below the reference images.
    private let sheet: ContactSheet

    /// Draws the held-out concepts under all settings with the image parent in a folder.
    ///
    /// A CLIP model reranks candidates. A model trained with retrieval, `recalling`, needs it and a
    /// memory bank. Of the options, sampling and guidance do not matter.
    package static func measure(
        _ folder: String,
        clip: String?,
        recalling: String?,
        bank: String?,
        on data: DictionaryData,
        _ options: ReportOptions,
        onProgress: @escaping ProgressHandler = { _ in }
    ) throws -> DrawingReport {
        let model = try DictionaryModel(folder: folder)
        try model.checkInpaints()  // now, not after hundreds of images
        let all = DrawingArms(painter: data.painter, seed: options.seed)
        var arms = all.guidances(model)
        let embedder = try clip.map(CLIPEmbedder.init)
        if let embedder { arms += all.reranking(model, embedder) }
        arms += all.inpainting(model)
        if let embedder, let recalling, let bank {
            var retriever = try Retriever(BankReader(bank), embedder)
            retriever.choice = DocumentChoice(limit: 1)
            arms += all.retrieval(try DictionaryModel(folder: recalling), retriever)
        }

        let questions = ReportQuestions(data, options)
        let concepts = questions.concepts
        var table = ResultTable(
            "drawn by",
            [.top1, .top5, .init("seconds", "seconds per image", .decimal(2))]
        )
        var rows = [questions.images]
        let total = arms.count * concepts.count
        let progress = Progress("drawing", total: total, unit: "images", to: onProgress)
        for (index, arm) in arms.enumerated() {
            let start = ContinuousClock.now
            var images: [Image] = []
            while images.count < concepts.count {
                let batch = concepts.dropFirst(images.count).prefix(options.batchSize)
                images += try arm.draw(batch, images.count)
                progress.advance(to: index * concepts.count + images.count, note: arm.label)
            }
            let seconds = start.duration(to: .now) / .seconds(1)
            let accuracy = RetrievalAccuracy(
                ranks: zip(concepts, images).map { data.index.rank(of: $0.id, in: $1) }
            )
            let values = [accuracy.top(1), accuracy.top(5), seconds / Double(concepts.count)]
            table.append(.init(arm.label, values))
            rows.append(images)
        }
        progress.finish(at: total)
        return DrawingReport(
            table: table,
            model: folder,
            conceptCount: concepts.count,
            answerCount: data.index.answerCount,
            seed: options.seed,
            sheet: ContactSheet(of: concepts, rows: rows)
        )
    }

    package func files(date: String) -> ReportFiles {
        ReportFiles(
            markdown: markdown(date: date),
            json: [
                "date": .string(date),
                "model": .string(model),
                "concepts": .integer(conceptCount),
                "seed": .string("\(seed)"),
                "drawings": table.json,
            ],
            sheet: sheet
        )
    }

    private func markdown(date: String) -> String {
        """
        # Ways of drawing, \(date)

        \(model) draws each of \(conceptCount) held-out concepts once under every setting. The image \
        is compared with the reference images of all concepts, \(answerCount) answers that can be \
        told apart; chance is \(Figure.chance(of: answerCount)). Sampling as in `jam generate`, \
        seed \(seed).

        \(table.markdown)
        - **guidance**: classifier-free guidance among the plausible codes (decision 11).
        - **contrastive K,α**: CD-K. Where two are named, images alternate.
        - **best of \(EvaluationArm.candidateCount) by CLIP**: of that many candidates, the one that \
        a CLIP model ranks nearest to the caption.
        - **inpainted**: a part of the reference image is masked and drawn by the caption; *left \
        empty* is the same image with that part in the color of its corner.
        - **retrieved**: by another model, which was never trained on a held-out concept; that many \
        documents, retrieved from a memory bank by the caption, precede it. The CLIP model was \
        trained on the captions of all concepts.

        ![drawn images](\(ContactSheet.file))

        At the top, the reference images: \(sheet.names). Below, the rows of the table in order.

        """
    }
}
