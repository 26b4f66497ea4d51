package import Documents

/// A text whose loss is measured, after a prompt.
///
/// Only the tokens of ``text`` count, so a sentence by itself and the same sentence as the answer to a
/// question can be compared.
package struct ConditionalText: Sendable, Equatable {
    /// A conversation to answer, or a document to continue; can be empty.
    package var prompt: Document
    /// The beginning of the answer, which is not measured.
    package var lead: String
    /// The measured text, tokenized by itself; it should begin with the space before a word.
    package var text: String

    /// Sets all three.
    package init(after prompt: Document = Document(), lead: String = "", _ text: String) {
        self.prompt = prompt
        self.lead = lead
        self.text = text
    }
}
