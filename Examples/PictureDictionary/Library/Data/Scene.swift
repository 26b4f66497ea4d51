/// What an image shows: a concept, its size and place, and a background.
package struct Scene: Sendable, Equatable {
    let concept: Concept
    let placement: Placement
    let background: Background

    package init(
        _ concept: Concept,
        _ placement: Placement = .large,
        on background: Background = .white
    ) {
        self.concept = concept
        self.placement = placement
        self.background = background
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
