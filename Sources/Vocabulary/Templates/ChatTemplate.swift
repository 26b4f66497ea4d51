package import Basics
package import Foundation

/// A model's chat template: a Jinja program that writes a conversation as one text.
///
/// It comes from the model's folder and from nowhere else, and is rendered within a budget of
/// steps, depth and output: `JinjaBudget`.
package struct ChatTemplate: Sendable {
    package let place: String
    package let source: String
    private let template: JinjaTemplate

    /// Whether the template marks what the assistant says with `{% generation %}`.
    package var marksAnswers: Bool { template.hasGenerations }

    /// Parses a template; messages call it `place`.
    ///
    /// - Throws: `TemplateError.unreadable` with the line, for unsupported syntax.
    init(_ source: String, from place: String) throws(TemplateError) {
        self.source = source
        self.place = place
        do throws(JinjaError) {
            template = try JinjaParser.parse(source)
        } catch {
            throw .unreadable(place: place, line: error.line, problem: error.problem)
        }
    }

    /// Renders a conversation.
    ///
    /// The result contains the strings of special tokens, such as `<s>` at its start, so encode it
    /// with ``Tokenizer/encodeWithAddedTokens(_:)`` and do not postprocess it.
    ///
    /// - Parameters:
    ///   - messages: objects with `role` and `content`.
    ///   - tools: the tools that the model may call; `null` for none.
    ///   - beginsAnswer: whether to add the head of an answer (`add_generation_prompt`).
    ///   - variables: other variables of the template, such as `bos_token`.
    ///   - now: the date for templates that use it.
    /// - Returns: the text that the model was trained on.
    /// - Throws: `TemplateError` if the template refuses, fails, or takes too much.
    package func render(
        _ messages: [JSON],
        tools: JSON = .null,
        beginsAnswer: Bool = true,
        variables: JSON.Object = [:],
        now: Date = .now
    ) throws(TemplateError) -> String {
        try renderMarkingAnswers(
            messages,
            tools: tools,
            beginsAnswer: beginsAnswer,
            variables: variables,
            now: now
        ).text
    }

    /// Renders a conversation as ``render(_:tools:beginsAnswer:variables:now:)``, and says which
    /// ranges of the text the assistant said, where ``marksAnswers``.
    package func renderMarkingAnswers(
        _ messages: [JSON],
        tools: JSON = .null,
        beginsAnswer: Bool = true,
        variables: JSON.Object = [:],
        now: Date = .now
    ) throws(TemplateError) -> RenderedConversation {
        do throws(JinjaError) {
            var values: [(name: String, value: JinjaValue)] = []
            for (name, value) in variables.members { values.append((name, try JinjaValue(value))) }
            values.append(("messages", try JinjaValue(.array(messages))))
            values.append(("tools", try JinjaValue(tools)))
            values.append(("documents", .none))
            values.append(("add_generation_prompt", .bool(beginsAnswer)))
            let output = try JinjaInterpreter.render(template.statements, values, now: now)
            return RenderedConversation(
                text: output.text,
                answers: output.hasLostGenerations ? nil : output.generations
            )
        } catch {
            guard error.isRaised else {
                throw .failed(place: place, line: error.line, problem: error.problem)
            }
            throw .refused(place: place, message: error.problem)
        }
    }
}

/// A conversation as a template writes it.
package struct RenderedConversation: Sendable, Equatable {
    package let text: String
    /// What the assistant says: the ranges of `generation` blocks, in bytes of UTF-8 and in order;
    /// `nil` if the template changes the text of a block before it prints it, which loses its place.
    package let answers: [Range<Int>]?
}
