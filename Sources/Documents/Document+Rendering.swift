extension Document {
    /// The document as one HTML page that needs no other file.
    ///
    /// Text is escaped, images are embedded, and scripts are forbidden.
    /// - Parameter title: the heading of the page.
    /// - Returns: the source of the page.
    public func html(title: String = "Document") -> String {
        HTMLRenderer().render([self], title: title)
    }

    /// The document as Markdown with embedded images; markup in a text is escaped.
    public func markdown() -> String {
        MarkdownRenderer().render(self)
    }
}
