package import Jam

/// How a server is reached and what it allows.
package struct ServerSettings: Sendable {
    /// The address to listen on.
    package var host = "127.0.0.1"
    /// The port; 0 for any that is free.
    package var port = 8080
    /// What every request but those for `/health` must name; `nil` for none.
    package var apiKey: String?
    /// The name of the model in requests and answers.
    package var modelName: String
    /// The name of the CLIP model in requests, if there is one.
    package var clipName = ""
    /// How many documents of the memory bank precede a prompt where a request says nothing else.
    package var documentCount = 2
    /// The highest cosine similarity of a retrieved document to the prompt and to another one.
    package var relevanceLimit = 1.0
    /// How answers are generated where a request says nothing else; its seed has no effect.
    package var answers = AnswerOptions()
    /// How many requests may wait for those that are being answered.
    package var queueLimit = 64
    /// The most bytes of a request's body.
    package var bodyLimit = 16 << 20
    /// The seconds in which the headers of a request must arrive, or another request.
    package var headerSeconds = 10.0
    /// The seconds in which a request's body must arrive.
    package var bodySeconds = 30.0
    /// The seconds in which a client must read an answer, or a part of a stream.
    package var writeSeconds = 60.0
    /// The most bytes of a stream that wait for a client, beyond which it gets no partial images.
    package var unreadLimit = 1 << 20
    /// The seconds after which a stream without news says that it is alive.
    package var pingSeconds = 10.0
    /// The seconds that requests have to finish when the server is told to stop.
    package var stopSeconds = 30.0

    /// Told what went wrong here; clients only hear that something did.
    package var onFailure: @Sendable (String) -> Void = { _ in }

    package init(modelName: String) { self.modelName = modelName }

    /// Refuses to let other machines ask without a key, unless that is wanted.
    package func check(isOpen: Bool) throws(ServerError) {
        guard isLoopback || apiKey != nil || isOpen else {
            throw .openWithoutKey(host: host)
        }
    }

    /// Whether only this machine can reach it.
    var isLoopback: Bool { Self.loopbackNames.contains(host) }

    static let loopbackNames: Set<String> = ["127.0.0.1", "localhost", "::1"]
}
