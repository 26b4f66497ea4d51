/// What one image shows: a concept, how large, where, and on what.
package struct Scene: Sendable, Equatable {
    /// The thing that is shown.
    package let concept: Concept
    /// How large, and where.
    package let placement: Placement
    /// On what.
    package let background: Background

    /// Describes an image; large, in the middle and on white if nothing else is said.
    package init(
        _ concept: Concept,
        _ placement: Placement = .large,
        on background: Background = .white
    ) {
        self.concept = concept
        self.placement = placement
        self.background = background
    }

    /// What is shown, in words that leave out what is usual: "a small cat on a blue background".
    package var phrase: String {
        let ground =
            background == .white
            ? "" : " on \(Article.indefinite(before: background.rawValue)) background"
        return concept.phrase.indefinite(adjective: placement.adjective)
            + placement.place.phrase + ground
    }
}
