/// What an image shows: a drawing of a concept, its size and place, and a background.
package struct Scene: Sendable, Equatable {
    let concept: Concept
    let placement: Placement
    let background: Background
    /// Which of the concept's drawings.
    let drawing: Int

    package init(
        _ concept: Concept,
        _ placement: Placement = .large,
        on background: Background = .white,
        drawing: Int = 0
    ) {
        self.concept = concept
        self.placement = placement
        self.background = background
        self.drawing = drawing
    }

    /// The caption, without the defaults: "a small cat on a blue background".
    package var phrase: String {
        let ground =
            background == .white
            ? "" : " on \(Article.indefinite(before: background.rawValue)) background"
        return concept.phrase.indefinite(adjective: placement.adjective)
            + placement.place.phrase + ground
    }
}
