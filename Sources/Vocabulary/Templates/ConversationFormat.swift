/// A conversation as tokens: `<eos>`, then every message as the special token of its role and its text,
/// and `<eos>` after every message of the assistant.
enum ConversationFormat {
    /// The format as a Jinja template, for programs that read the folder with `transformers`.
    ///
    /// There a text that spells a special token does become it, which ``Tokenizer/encode(_:)`` avoids.
    static let template = """
        {{ eos_token }}{% for message in messages %}\
        {{ '<|' + message['role'] + '|>' + message['content'] }}\
        {% if message['role'] == 'assistant' %}{{ eos_token }}{% endif %}\
        {% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}
        """

    /// Whether a vocabulary has every special token that the format needs.
    static func isPossible(in space: TokenSpace) -> Bool {
        [.end, .system, .user, .assistant].allSatisfy { space.specialTokens[$0] != nil }
    }
}
