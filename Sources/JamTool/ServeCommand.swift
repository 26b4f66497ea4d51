import ArgumentParser
import Basics
import Foundation
import Jam
import Serving
import ToolSupport

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answers over HTTP in words and images, in order, with a web page.",
        discussion: """
            The page is at http://127.0.0.1:8080/. Clients of OpenAI's interface use \
            http://127.0.0.1:8080/v1 as base URL: /v1/chat/completions and /v1/responses, streamed or \
            not, with data URLs of images in and out, /v1/completions, /v1/images/generations, \
            /v1/images/edits, /v1/embeddings and /v1/models; /openapi.json describes them. /health and \
            /metrics tell how it does. Several requests are answered at a time, a token of each in one \
            pass; what an answer is does not depend on the others. More wait, in the order in which \
            they come.

            With --clip a request may ask for several candidates, of which CLIP keeps the one whose \
            images fit best, and /v1/embeddings embeds texts and images. With --retrieve, documents \
            of the memory bank precede conversations and descriptions of images, unless a request has \
            "retrieval": 0.

            An answer's message has its text in content, its images in images, and both in order in \
            parts; in a stream, each delta has the index of its part.

            EXAMPLE
              jam serve models/jam-smollm2
              jam serve MODEL --clip CLIP --retrieve BANK
            """
    )

    @Argument(help: "A model folder or a GGUF file.")
    var model: String

    @Option(help: "The address to listen on; 0.0.0.0 for all of this machine.")
    var host = "127.0.0.1"

    @Option(help: "The port; 0 for any that is free.")
    var port = 8080

    @Option(
        help: """
            A key that every request but those for /health must name, as Authorization: Bearer KEY. \
            (default: the environment's JAM_API_KEY)
            """
    )
    var apiKey: String?

    @Flag(help: "Let other machines ask without a key.")
    var open = false

    @Option(help: "The name of the model in requests. (default: the folder's)")
    var name: String?

    @Option(help: "How many answers are generated at a time; others wait.")
    var maxBatchSize = 8

    @Option(
        help: """
            Megabytes for what earlier answers have read, so that the next turn of a conversation is not \
            read from its beginning; 0 for none.
            """
    )
    var prefixCache = Model.defaultPrefixCacheBytes >> 20

    @Option(help: "How many requests may wait; others are refused.")
    var queue = 64

    @OptionGroup var sampling: SamplingOptions

    /// Refused, and not in the help.
    @Option(help: .hidden) var seed: UInt64?

    @OptionGroup var clip: CLIPOptions
    @OptionGroup var engine: EngineOptions

    func validate() throws {
        guard (0...65535).contains(port) else {
            throw ValidationError("--port is \(port); an integer from 0 to 65535 is expected")
        }
        guard (0...10_000).contains(queue) else {
            throw ValidationError("--queue is \(queue); an integer from 0 to 10000 is expected")
        }
        guard (1...1024).contains(maxBatchSize) else {
            throw ValidationError(
                "--max-batch-size is \(maxBatchSize); an integer from 1 to 1024 is expected"
            )
        }
        guard (0...1 << 20).contains(prefixCache) else {
            throw ValidationError(
                "--prefix-cache is \(prefixCache); an integer from 0 to \(1 << 20) is expected"
            )
        }
        guard seed == nil else {
            throw ValidationError("--seed is the requests' own here: they have a member seed")
        }
        guard clip.retrieve == nil || clip.clip != nil else {
            throw ValidationError("--retrieve needs --clip")
        }
        guard apiKey?.isEmpty != true else {
            throw ValidationError("--api-key is empty; leave it out for no key")
        }
    }

    /// Says what is wrong with the settings in this command's words.
    private func check(_ settings: ServerSettings) throws {
        do {
            try settings.check(isOpen: open)
        } catch {
            guard case .openWithoutKey = error else { throw error }
            throw ValidationError(
                "--host \(host) lets other machines in; give --api-key KEY, or --open to let anybody ask"
            )
        }
    }

    func run() async throws {
        var settings = ServerSettings(modelName: name ?? Self.name(of: model))
        settings.host = host
        settings.port = port
        settings.queueLimit = queue
        settings.answers = try sampling.options()
        settings.apiKey = apiKey ?? ProcessInfo.processInfo.environment["JAM_API_KEY"]
        if settings.apiKey?.isEmpty == true { settings.apiKey = nil }
        settings.onFailure = { Console.report("error: \($0)") }
        try check(settings)
        try engine.start()
        let (helper, bank) = try await helpers()
        settings.clipName = clip.clip.map(Self.name) ?? ""
        settings.documentCount = clip.documents ?? settings.documentCount
        settings.relevanceLimit = clip.relevanceLimit ?? settings.relevanceLimit
        let model = try await Console.model(
            self.model,
            engine,
            maximumBatchSize: maxBatchSize,
            prefixCacheBytes: prefixCache << 20
        )
        let server = await AnswerServer(model, clip: helper, bank: bank, settings)
        let host = host.contains(":") ? "[\(host)]" : host
        try await server.run { [name = settings.modelName] port in
            Console.report("serving \(name) at http://\(host):\(port)/")
        }
        Console.report("stopped")
    }

    /// Opens the CLIP model and the memory bank.
    private func helpers() async throws -> (CLIPModel?, MemoryBank?) {
        guard let folder = clip.clip else { return (nil, nil) }
        let model = try await CLIPModel(contentsOf: folder, threads: engine.threads)
        guard let bank = clip.retrieve else { return (model, nil) }
        return (model, try await MemoryBank(contentsOf: bank, clip: model))
    }

    private static func name(of model: String) -> String {
        let name = URL(filePath: model).standardizedFileURL.lastPathComponent
        return name.hasSuffix(".gguf") ? String(name.dropLast(5)) : name
    }
}
