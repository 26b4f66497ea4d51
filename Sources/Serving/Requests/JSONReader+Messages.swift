internal import Basics
internal import Documents

extension Role {
    /// Reads who speaks; a developer is the system.
    init(of message: JSONReader) throws {
        switch try message.string("role") {
        case "system", "developer": self = .system
        case "user": self = .user
        case "assistant": self = .assistant
        case let role:
            throw message.failure(
                "role",
                "\(role.quoted(40)) is not known; known are \"system\", \"developer\", \"user\", "
                    + "\"assistant\""
            )
        }
    }
}

extension JSONReader {
    /// Refuses a member that is neither missing nor `null` nor one of `harmless`.
    func refuse(_ member: String, unless harmless: [JSON] = [], _ problem: String) throws {
        guard has(member), let value = object[member] else { return }
        guard harmless.contains(value) else { throw failure(member, problem) }
    }

    /// Refuses what other servers can do with tokens, and this one cannot.
    func refuseTokenSettings() throws {
        try refuse("n", unless: [1], "one answer a request is made; ask again with another seed")
        try refuse("stop", unless: [.array([])], "stop sequences are not supported")
        for member in ["presence_penalty", "frequency_penalty"] {
            try refuse(member, unless: [0, 0.0], "penalties are not supported")
        }
        try refuse("logit_bias", unless: [.object([:])], "biases are not supported")
    }

    /// Reads whether a stream ends with the numbers of tokens.
    func streamsUsage() throws -> Bool {
        try has("stream_options")
            ? nested("stream_options").bool("include_usage", default: false) : false
    }
}
