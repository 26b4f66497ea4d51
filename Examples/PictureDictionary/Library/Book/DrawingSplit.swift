extension Concept {
    /// The drawing that no training data shows, so that seeing is told from remembering; `nil` for
    /// a concept with too few.
    ///
    /// Concepts with three drawings or more have one, and of those with two drawings half, by the
    /// hash of the name. It is never the first drawing.
    package var heldOutDrawing: Int? {
        let others = UInt64(drawings.count - 1)
        let hash = Self.hash(of: "drawing of " + name)
        guard others > 1 || others == 1 && hash % 2 == 0 else { return nil }
        return 1 + Int(hash / 2 % others)
    }

    /// The drawings that training data may show.
    package var trainedDrawings: [Int] { drawings.indices.filter { $0 != heldOutDrawing } }
}
