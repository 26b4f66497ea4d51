package import Documents

/// A text whose loss is measured, and what a model reads before it.
///
/// Only the tokens of ``text`` count. So texts that models know in different settings, one as a
/// sentence of its own and one as the answer to a question, are compared by the same tokens.
package struct ConditionalText: Sendable, Equatable {
    /// What comes first: a conversation that the assistant is to answer, or another document that
    /// is to go on; mostly empty then.
    package var prompt: Document
    /// The beginning of the answer, which does not count.
    package var lead: String
    /// What counts.
    ///
    /// It is turned into tokens apart from the lead, so that it is the same tokens after any lead.
    /// It should begin where a word begins, with the space before it.
    package var text: String

    /// Sets all three.
    package init(after prompt: Document = Document(), lead: String = "", _ text: String) {
        self.prompt = prompt
        self.lead = lead
        self.text = text
    }
}
