/// One of the drawings of a concept: where it comes from.
package struct Drawing: Sendable, Hashable {
    package enum Source: String, Sendable, CaseIterable {
        case emoji
        case clipArt = "clip art"
    }

    package let source: Source
    /// The file in the source's folder, without its extension; empty for an emoji.
    let path: String

    init(_ source: Source, path: String = "") {
        self.source = source
        self.path = path
    }
}

/// A drawing, the name of the thing that it shows, and its bitmap.
struct NamedDrawing {
    let name: String
    let drawing: Drawing
    let glyph: Glyph
}
