/// Our format of a conversation: `<eos>`, then each message as the special token of its role and
/// its text, and `<eos>` after each message of the assistant.
enum ConversationFormat {
    /// The format as a Jinja template, for `transformers`.
    ///
    /// There, text that contains the string of a special token becomes it, which
    /// ``Tokenizer/encode(_:)`` avoids.
    static let template = """
        {{ eos_token }}{% for message in messages %}\
        {{ '<|' + message['role'] + '|>' + message['content'] }}\
        {% if message['role'] == 'assistant' %}{{ eos_token }}{% endif %}\
        {% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}
        """

    /// Whether a vocabulary has all special tokens of the format.
    static func isPossible(in space: TokenSpace) -> Bool {
        [.end, .system, .user, .assistant].allSatisfy { space.specialTokens[$0] != nil }
    }
}
