import Basics
import Documents
import Foundation

/// How a conversation becomes tokens: a chat template and the tokenizer that it was written for.
///
/// The ids are those of `tokenizers` for the rendered text, with one difference: what users write
/// never becomes a special token, whatever it contains.
package struct ConversationFormat: Sendable {
    let template: ChatTemplate
    let tokenizer: Tokenizer
    /// The tokens that end an answer, besides those of the vocabulary: what the template writes
    /// after a turn of the assistant, such as `<|im_end|>`.
    package let answerEnds: Set<TokenID>

    /// Combines a template with its tokenizer.
    package init(_ template: ChatTemplate, _ tokenizer: Tokenizer) {
        self.template = template
        self.tokenizer = tokenizer
        answerEnds = ConversationFormat(template, tokenizer, answerEnds: []).tokensAfterAnswers
    }

    private init(_ template: ChatTemplate, _ tokenizer: Tokenizer, answerEnds: Set<TokenID>) {
        self.template = template
        self.tokenizer = tokenizer
        self.answerEnds = answerEnds
    }

    /// The format of a model folder: that of its chat template, or ours if there is none and the
    /// vocabulary has tokens for roles; `nil` if neither is there.
    ///
    /// - Throws: what is wrong with the folder's template.
    package init?(_ templates: ChatTemplates?, _ tokenizer: Tokenizer) throws {
        if let templates {
            self.init(try templates.template(), tokenizer)
        } else if Self.hasRoles(tokenizer.space) {
            self.init(try ChatTemplate(Self.roleTemplate, from: "the template of roles"), tokenizer)
        } else {
            return nil
        }
    }

    /// Our template: `<eos>`, then each message as the special token of its role and its text, and
    /// `<eos>` after each message of the assistant.
    static let roleTemplate = """
        {{ eos_token }}{% for message in messages %}\
        {{ '<|' + message['role'] + '|>' + message['content'] }}\
        {% if message['role'] == 'assistant' %}{{ eos_token }}{% endif %}\
        {% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}
        """

    /// Whether a vocabulary has all special tokens of ``roleTemplate``.
    static func hasRoles(_ space: TokenSpace) -> Bool {
        [.end, .system, .user, .assistant].allSatisfy { space.specialTokens[$0] != nil }
    }

    /// The special token that ends the turn of the assistant in a short conversation.
    private var tokensAfterAnswers: Set<TokenID> {
        let probe = Document([.text("a", role: .user), .text("b", role: .assistant)])
        let probeImage = FramedImage(tokens: [], codes: 0..<0)
        // A template that refuses this one says why when it is used.
        guard let sequence = try? sequence(of: probe, image: { _ in probeImage }),
            let answer = sequence.answers.last
        else { return [] }
        // A template may leave it out of what it marks as the assistant's.
        let tail = sequence.tokens[max(0, answer.upperBound - 1)...].first(where: isTurnEnd)
        return tail.map { [$0] } ?? []
    }

    /// Whether a token can end a turn: a special token that has nothing to do with images.
    func isTurnEnd(_ token: TokenID) -> Bool {
        switch tokenizer.space.kind(of: token) {
        case .text, .image, .specialToken(.imageStart), .specialToken(.altText),
            .specialToken(.drawing), .specialToken(.telling):
            false
        case .specialToken, .unused: true
        }
    }
}
