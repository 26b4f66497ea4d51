internal import Synchronization

/// What `/metrics` tells, in Prometheus' text format.
final class Metrics: Sendable {
    struct Counts {
        /// Requests that were understood, and those that found the queue full.
        var (requests, refused) = (0, 0)
        /// Requests that were answered, and those whose client went away or whose answer failed.
        var (answered, incomplete) = (0, 0)
        var (promptTokens, cachedPromptTokens) = (0, 0)
        var (textTokens, imageCodes, images) = (0, 0, 0)
        /// The seconds of all answered requests, waiting included.
        var seconds = 0.0
    }

    private let counts = Mutex(Counts())

    func change(_ change: (inout Counts) -> Void) {
        counts.withLock { change(&$0) }
    }

    /// All of them.
    func text(unfinished: Int) -> String {
        let now = counts.withLock { $0 }
        return [
            counter("requests_total", "Requests let in.", now.requests),
            counter("requests_refused_total", "Requests refused by a full queue.", now.refused),
            metric(
                "requests_unfinished",
                "gauge",
                "Requests that wait or are answered.",
                unfinished
            ),
            counter("requests_answered_total", "Requests answered.", now.answered),
            counter(
                "requests_incomplete_total",
                "Requests whose client went away or whose answer failed.",
                now.incomplete
            ),
            counter("request_seconds_total", "Seconds from request to whole answer.", now.seconds),
            counter("prompt_tokens_total", "Tokens of prompts.", now.promptTokens),
            counter(
                "cached_prompt_tokens_total",
                "Tokens of prompts that were not read again.",
                now.cachedPromptTokens
            ),
            counter("text_tokens_total", "Generated text tokens.", now.textTokens),
            counter("image_codes_total", "Generated image codes.", now.imageCodes),
            counter("images_total", "Generated images.", now.images),
        ].joined()
    }

    private func counter(_ name: String, _ help: String, _ value: any Numeric) -> String {
        metric(name, "counter", help, value)
    }

    private func metric(
        _ name: String,
        _ type: String,
        _ help: String,
        _ value: any Numeric
    ) -> String {
        "# HELP jam_\(name) \(help)\n# TYPE jam_\(name) \(type)\njam_\(name) \(value)\n"
    }
}
