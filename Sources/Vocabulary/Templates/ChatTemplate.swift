package import Basics
package import Foundation

/// How a model writes a conversation as one text: a Jinja template that came with the model.
///
/// A template is a program of others. It is taken from the folder of the model and from nowhere else,
/// and it is rendered within a budget of steps, depth and output: `JinjaBudget`.
package struct ChatTemplate: Sendable {
    /// Where it came from.
    package let place: String
    /// The template as it is written.
    package let source: String
    private let statements: JinjaTemplate

    /// Reads a template, which came from `place`.
    ///
    /// - Throws: `TemplateError.unreadable` with the line, if it asks for what is not supported.
    init(_ source: String, from place: String) throws(TemplateError) {
        self.source = source
        self.place = place
        do throws(JinjaError) {
            statements = JinjaTemplate(statements: try JinjaParser.parse(source))
        } catch {
            throw .unreadable(place: place, line: error.line, problem: error.problem)
        }
    }

    /// The text of a conversation.
    ///
    /// The result holds the spellings of the special tokens, `<s>` at its beginning among them, so it
    /// becomes tokens by ``Tokenizer/encodeWithAddedTokens(_:)`` and is not framed again.
    ///
    /// - Parameters:
    ///   - messages: objects with `role` and `content`.
    ///   - tools: what the model may call; `null` for none.
    ///   - beginsAnswer: whether the head of an answer follows the last message.
    ///   - variables: what else the template sees, as `bos_token`.
    ///   - now: what a template that asks for the date is told.
    /// - Returns: the conversation as the model was trained to see it.
    /// - Throws: `TemplateError` if the template refuses, fails, or takes too much.
    package func render(
        _ messages: [JSON],
        tools: JSON = .null,
        beginsAnswer: Bool = true,
        variables: JSON.Object = [:],
        now: Date = .now
    ) throws(TemplateError) -> String {
        do throws(JinjaError) {
            var values: [(name: String, value: JinjaValue)] = []
            for (name, value) in variables.members { values.append((name, try JinjaValue(value))) }
            values.append(("messages", try JinjaValue(.array(messages))))
            values.append(("tools", try JinjaValue(tools)))
            values.append(("documents", .none))
            values.append(("add_generation_prompt", .bool(beginsAnswer)))
            return try JinjaInterpreter.render(statements.statements, values, now: now)
        } catch {
            guard error.isRaised else {
                throw .failed(place: place, line: error.line, problem: error.problem)
            }
            throw .refused(place: place, message: error.problem)
        }
    }
}

/// The statements of a template, which nobody changes.
///
/// `@unchecked`: they hold literals of `JinjaValue`, whose cases with references no parser makes.
private struct JinjaTemplate: @unchecked Sendable {
    let statements: [JinjaStatement]
}
