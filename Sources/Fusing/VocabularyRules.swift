import Vocabulary

/// The rules for the parents' tables or heads, which have a row for each token; T and I as in
/// ``TensorRule``.
///
/// Where the vocabulary is a union, a parent may lack the row of a token. It is then the mean of
/// the parent's rows for the pieces of the same text, and zero where there are none, as for
/// untrained rows (decision 13): the mean of all rows would say "any word" for an image code or a
/// special token. An average takes the other parent's row instead.
///
/// Of an added token no parent has a row. It is zero as an input, and in a head the mean of the
/// rows of text, which gives the token less than the mean probability of a text token: the
/// exponential of a mean is at most the mean of the exponentials (decision 13).
struct VocabularyRules {
    let text: ParentWeight
    let image: ParentWeight
    private let vocabulary: TokenUnion
    /// The parents' rows of text, of which a head's added rows are the mean.
    private let textRows: (text: RangeSet<Int>, image: RangeSet<Int>)?

    init(
        text: ParentWeight,
        image: ParentWeight,
        _ vocabulary: TokenUnion,
        textRows: (text: RangeSet<Int>, image: RangeSet<Int>)?
    ) {
        self.text = text
        self.image = image
        self.vocabulary = vocabulary
        self.textRows = textRows
    }

    /// One parent's rows; those that are untrained like the token `untrained` of the fused
    /// vocabulary, if that parent has it, are zero.
    ///
    /// `boundary` is the parent's row for the special tokens that the other parent has and it lacks,
    /// such as `<|im_start|>`.
    func copy(_ parent: Parent.Role, untrained: TokenID? = nil, boundary: Boundary? = nil)
        -> TensorRule
    {
        let (weight, side) = parent == .text ? (text, vocabulary.text) : (image, vocabulary.image)
        let map = boundary.map { side.map.filling($0.tokens, with: $0.row) } ?? side.map
        let row = untrained.flatMap { side.has($0) ? side.map[$0].first.map(Int.init) : nil }
        let zero = row.map { ", untrained embeddings (like token \($0)) zero" } ?? ""
        return TensorRule(
            "copied from the \(parent.rawValue) parent"
                + inUnion(
                    ", else mean of pieces, else " + (boundary == nil ? "" : "end of text or ")
                        + "zero"
                ) + zero,
            [Tile(rows, 0..<weight.shape.columns, Term(weight, .mapped(map), untrained: row))]
        )
    }

    /// The row that stands for tokens which a parent lacks.
    struct Boundary {
        let tokens: Range<TokenID>
        let row: Int
    }

    /// Image codes, and what the text parent lacks, from I; the others from T.
    func byOwner() -> TensorRule {
        TensorRule(
            "image rows from I, others from T" + inUnion(", or from I where T has none"),
            tiles(left, [ownedByText, ownedByImage], added: [meanOfText()])
        )
    }

    /// The same with [0 | I] and [T | 0].
    func byOwnerSideBySide() -> TensorRule {
        TensorRule(
            "image rows [0 | I], others [T | 0]" + inUnion(", or [0 | I] where T has none"),
            tiles(left, [ownedByText], added: [meanOfText()])
                + tiles(right, [ownedByImage], added: [])
        )
    }

    /// s · [T | I].
    func sideBySide(scale: Double) -> TensorRule {
        TensorRule(
            (scale == 1 ? "" : "\(scale) ") + "[T | I]"
                + inUnion(", else mean of pieces, else zero"),
            tiles(
                left,
                [Term(text, .mapped(vocabulary.text.map), times: scale)],
                added: [meanOfText(times: scale)]
            )
                + tiles(
                    right,
                    [Term(image, .mapped(vocabulary.image.map), times: scale)],
                    added: [meanOfImage(times: scale)]
                )
        )
    }

    /// w T + (1 − w) I, or the row of the only parent that has one.
    func average(textShare: Double) -> TensorRule {
        let (ofText, ofImage) = (vocabulary.text.map, vocabulary.image.map)
        let both = { (id: Int) in !ofText[id].isEmpty && !ofImage[id].isEmpty }
        return TensorRule(
            "\(textShare) T + \(1 - textShare) I"
                + inUnion(", else mean of pieces, else the other parent's"),
            tiles(
                left,
                [
                    Term(text, .mapped(ofText.keeping(both)), times: textShare),
                    Term(image, .mapped(ofImage.keeping(both)), times: 1 - textShare),
                    Term(text, .mapped(ofText.keeping { !both($0) })),
                    Term(image, .mapped(ofImage.keeping { !both($0) })),
                ],
                added: [meanOfText(times: textShare), meanOfImage(times: 1 - textShare)]
            )
        )
    }

    private var rows: Range<Int> { 0..<vocabulary.rows }

    private var left: Range<Int> { 0..<text.shape.columns }

    private var right: Range<Int> {
        text.shape.columns..<text.shape.columns + image.shape.columns
    }

    private var ownedByText: Term {
        Term(text, .mapped(vocabulary.text.map.keeping(vocabulary.isOfText)))
    }

    private var ownedByImage: Term {
        Term(image, .mapped(vocabulary.image.map.keeping { !vocabulary.isOfText($0) }))
    }

    /// Tiles of some columns: `terms`, and in a head the sum of `means` where tokens are added.
    private func tiles(_ columns: Range<Int>, _ terms: [Term], added means: [RowMean]) -> [Tile] {
        let added = vocabulary.addedRows
        guard textRows != nil, !added.isEmpty else {
            return [Tile(rows, columns, .sum(terms))]
        }
        let others = [0..<added.lowerBound, added.upperBound..<rows.upperBound]
        return others.filter { !$0.isEmpty }.map { part in
            Tile(part, columns, .sum(terms.map { $0.part(part) }))
        } + [Tile(added, columns, .means(means))]
    }

    private func meanOfText(times scale: Double = 1) -> RowMean {
        RowMean(weight: text, rows: textRows?.text ?? RangeSet(), scale: scale)
    }

    private func meanOfImage(times scale: Double) -> RowMean {
        RowMean(weight: image, rows: textRows?.image ?? RangeSet(), scale: scale)
    }

    private func inUnion(_ words: String) -> String {
        (vocabulary.isUnion ? words : "")
            + (vocabulary.addedRows.isEmpty
                ? "" : textRows == nil ? "; added rows zero" : "; added rows mean of text")
    }
}
