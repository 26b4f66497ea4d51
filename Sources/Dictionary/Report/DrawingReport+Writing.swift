package import Basics
internal import Documents
internal import Evaluating

extension DrawingReport {
    /// Writes `report.md`, `report.json` and the sheet `drawn.png`.
    ///
    /// - Returns: the path of the folder.
    package func write(to folder: consuming OutputFolder, date: String) throws -> String {
        let target = folder.target
        try AtomicFile.write(markdown(date: date), to: folder.file("report.md"))
        try AtomicFile.write(
            json(date: date).text(.indented) + "\n",
            to: folder.file("report.json")
        )
        try AtomicFile.write(sheet.png(), to: folder.file(ContactSheet.file))
        try folder.commit()
        return target
    }

    private func json(date: String) -> JSON {
        [
            "date": .string(date),
            "model": .string(model),
            "concepts": .integer(conceptCount),
            "seed": .string("\(seed)"),
            "drawings": table.json,
        ]
    }

    private func markdown(date: String) -> String {
        let chance = Figure.percent.text(1 / Double(max(1, answerCount)))
        return """
            # Ways of drawing, \(date)

            Each of \(conceptCount) held-out concepts is drawn once in every way by \(model). The \
            image is compared with those of all concepts, \(answerCount) answers that can be told \
            apart; guessing is right in \(chance). Sampling as `jam generate` does, seed \(seed).

            \(table.markdown)
            - **guidance**: classifier-free guidance among the plausible codes (decision 11).
            - **contrastive K,α**: CD-K. Where two are named, images take turns.
            - **best of \(Self.candidateCount) by CLIP**: of so many images the one that a CLIP model finds nearest to the \
            caption.
            - **drawn anew**: a region of the right image is hidden and filled by the caption; \
            *left empty* is the same image with the region in the colour of its corner.
            - **retrieved**: by another model, which never saw a held-out concept; so many documents of \
            a memory bank, found by the caption, stand before it. The CLIP model has \
            learned the captions of all concepts.

            ![drawn images](\(ContactSheet.file))

            Above, what was asked for: \(names.joined(separator: ", ")). Below, the rows of the table \
            in order.

            """
    }
}
