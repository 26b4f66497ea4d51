internal import Jam
internal import Synchronization

/// What `/metrics` tells, in Prometheus' text format.
final class Metrics: Sendable {
    struct Counts {
        /// Requests that were let in, and those that found the queue full.
        var requests = 0
        var refused = 0
        /// Answers that are complete, and those whose client went away or that failed.
        var answers = 0
        var incomplete = 0
        var promptTokens = 0
        var textTokens = 0
        var imageCodes = 0
        var images = 0
        /// The seconds of all complete answers, waiting included.
        var seconds = 0.0
    }

    private let counts = Mutex(Counts())

    func add(_ count: any WritableKeyPath<Counts, Int> & Sendable) {
        counts.withLock { $0[keyPath: count] += 1 }
    }

    func count(_ answer: Answer, since start: ContinuousClock.Instant) {
        let seconds = start.duration(to: .now) / .seconds(1)
        counts.withLock {
            $0.answers += 1
            $0.promptTokens += answer.counts.prompt
            $0.textTokens += answer.counts.text
            $0.imageCodes += answer.counts.image
            $0.images += answer.codes.count
            $0.seconds += seconds
        }
    }

    /// All of them.
    func text(unfinished: Int) -> String {
        let now = counts.withLock { $0 }
        let lines: [(name: String, type: String, help: String, value: String)] = [
            ("jam_requests_total", "counter", "Requests let in.", "\(now.requests)"),
            (
                "jam_requests_refused_total", "counter", "Requests refused by a full queue.",
                "\(now.refused)"
            ),
            (
                "jam_requests_unfinished", "gauge", "Requests that wait or are answered.",
                "\(unfinished)"
            ),
            ("jam_answers_total", "counter", "Complete answers.", "\(now.answers)"),
            (
                "jam_answers_incomplete_total", "counter",
                "Answers whose client went away or that failed.",
                "\(now.incomplete)"
            ),
            (
                "jam_answer_seconds_total", "counter", "Seconds from request to complete answer.",
                "\(now.seconds)"
            ),
            ("jam_prompt_tokens_total", "counter", "Tokens of prompts.", "\(now.promptTokens)"),
            ("jam_text_tokens_total", "counter", "Generated text tokens.", "\(now.textTokens)"),
            ("jam_image_codes_total", "counter", "Generated image codes.", "\(now.imageCodes)"),
            ("jam_images_total", "counter", "Generated images.", "\(now.images)"),
        ]
        return lines.map {
            "# HELP \($0.name) \($0.help)\n# TYPE \($0.name) \($0.type)\n\($0.name) \($0.value)\n"
        }.joined()
    }
}
