import Vocabulary

/// The rules for the parents' tables or heads, which have a row for each token; T and I as in
/// ``TensorRule``.
///
/// Where the vocabulary is a union, a parent may lack the row of a token. It is then the mean of
/// the parent's rows for the pieces of the same text, and zero where there are none, as for
/// untrained rows (decision 13): the mean of all rows would say "any word" for an image code or a
/// special token. An average takes the other parent's row instead.
struct VocabularyRules {
    let text: ParentWeight
    let image: ParentWeight
    private let vocabulary: TokenUnion

    init(text: ParentWeight, image: ParentWeight, _ vocabulary: TokenUnion) {
        self.text = text
        self.image = image
        self.vocabulary = vocabulary
    }

    /// One parent's rows; those that are untrained like the token `untrained` of the fused
    /// vocabulary, if that parent has it, are zero.
    func copy(_ parent: Parent.Role, untrained: TokenID? = nil) -> TensorRule {
        let (weight, side) = parent == .text ? (text, vocabulary.text) : (image, vocabulary.image)
        let row = untrained.flatMap { side.has($0) ? side.map[$0].first.map(Int.init) : nil }
        let zero = row.map { ", untrained embeddings (like token \($0)) zero" } ?? ""
        return TensorRule(
            "copied from the \(parent.rawValue) parent"
                + inUnion(", else mean of pieces, else zero") + zero,
            [Tile(rows, 0..<weight.shape.columns, Term(weight, .mapped(side.map), untrained: row))]
        )
    }

    /// Image codes, and what the text parent lacks, from I; the others from T.
    func byOwner() -> TensorRule {
        TensorRule(
            "image rows from I, others from T" + inUnion(", or from I where T has none"),
            [Tile(rows, 0..<text.shape.columns, ownedByText, ownedByImage)]
        )
    }

    /// The same with [0 | I] and [T | 0].
    func byOwnerSideBySide() -> TensorRule {
        TensorRule(
            "image rows [0 | I], others [T | 0]" + inUnion(", or [0 | I] where T has none"),
            [Tile(rows, left, ownedByText), Tile(rows, right, ownedByImage)]
        )
    }

    /// s · [T | I].
    func sideBySide(scale: Double) -> TensorRule {
        TensorRule(
            (scale == 1 ? "" : "\(scale) ") + "[T | I]"
                + inUnion(", else mean of pieces, else zero"),
            [
                Tile(rows, left, Term(text, .mapped(vocabulary.text.map), times: scale)),
                Tile(rows, right, Term(image, .mapped(vocabulary.image.map), times: scale)),
            ]
        )
    }

    /// w T + (1 − w) I, or the row of the only parent that has one.
    func average(textShare: Double) -> TensorRule {
        let (ofText, ofImage) = (vocabulary.text.map, vocabulary.image.map)
        let both = { (id: Int) in !ofText[id].isEmpty && !ofImage[id].isEmpty }
        return TensorRule(
            "\(textShare) T + \(1 - textShare) I"
                + inUnion(", else mean of pieces, else the other parent's"),
            [
                Tile(
                    rows,
                    left,
                    Term(text, .mapped(ofText.keeping(both)), times: textShare),
                    Term(image, .mapped(ofImage.keeping(both)), times: 1 - textShare),
                    Term(text, .mapped(ofText.keeping { !both($0) })),
                    Term(image, .mapped(ofImage.keeping { !both($0) }))
                )
            ]
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

    private func inUnion(_ words: String) -> String { vocabulary.isIdentity ? "" : words }
}
