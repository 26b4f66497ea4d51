extension PictureBook {
    /// How many things and drawings there are, and how many are held out, in one line.
    package var summary: String {
        let drawings = concepts.reduce(0) { $0 + $1.drawings.count }
        let several = concepts.count { $0.drawings.count > 1 }
        let heldOutThings = concepts.count { $0.split == .heldOut }
        let heldOutDrawings = concepts.count { $0.heldOutDrawing != nil }
        return "\(concepts.count) things, \(several) with two or more of the \(drawings) drawings; "
            + "\(heldOutThings) things and \(heldOutDrawings) drawings are held out"
    }
}
