public import Basics

/// Renders documents for programs: one object with `segments`, pictures as base64 PNG.
public struct JSONRenderer: Sendable {
    /// How the text is laid out.
    public var layout: JSON.Layout

    /// Makes a renderer.
    public init(layout: JSON.Layout = .indented) {
        self.layout = layout
    }

    /// The document as JSON text with a newline at its end.
    public func render(_ document: Document) -> String {
        document.json.text(layout) + "\n"
    }
}
