internal import Basics
package import Evaluating
internal import Foundation

/// The reports of several arms beside each other: the mean and the spread of their seeds, and how
/// far the first arm is ahead, by a paired bootstrap over the things that were asked about.
package struct BookComparison {
    /// An answer, as a report has it.
    struct Answer: Equatable {
        let kind: String
        let novelty: String
        /// What was asked about what; no other question of its kind and novelty is the same.
        let question: String
        let text: String
        /// Whether the user has shown an image; `nil` where the report does not say.
        let isShown: Bool?
        /// What counts, by the member of the report.
        var counts: [String: Bool]

        init(_ reader: JSONReader) throws(JSONFieldError) {
            let expected = try reader.nested("expected")
            kind = try expected.string("kind")
            novelty = try expected.string("new")
            isShown = expected.has("shown") ? try expected.bool("shown") : nil
            // Talk is about none.
            let things = try expected.array("things").compactMap(\.stringValue)
            text = try reader.string("text")
            question = (things + [try reader.string("question")]).joined(separator: "; ")
            var counts: [String: Bool] = [:]
            for member in ["right", "right_pictures", "right_words", "unasked_pictures"] {
                counts[member] = try reader.bool(member)
            }
            self.counts = counts
        }
    }

    /// A figure: a share of the answers of one kind.
    struct Measure {
        let title: String
        let kind: String
        let novelty: String
        let member: String
        /// Only after images that the user has shown, or has not; `nil` for both.
        let isShown: Bool?

        init(
            _ title: String,
            _ kind: String,
            _ novelty: String,
            _ member: String = "right",
            isShown: Bool? = nil
        ) {
            self.title = title
            self.kind = kind
            self.novelty = novelty
            self.member = member
            self.isShown = isShown
        }

        func covers(_ answer: Answer) -> Bool {
            answer.kind == kind && answer.novelty == novelty
                && (isShown == nil || answer.isShown == isShown)
        }
    }

    /// The member of answers whose text is the beginning of what the LLM alone says, without an image
    /// that nobody asked for.
    private static let asLLM = "as_llm"

    private struct Arm {
        let name: String
        /// The answers to all questions, for each seed.
        var seeds: [[Answer]]

        /// Marks the answers that say what the LLM alone says, as far as they go.
        mutating func compare(with llm: Arm) {
            var texts: [String: String] = [:]
            for answer in llm.seeds.joined() { texts[answer.kind + answer.question] = answer.text }
            for seed in seeds.indices {
                for index in seeds[seed].indices {
                    let answer = seeds[seed][index]
                    guard let expected = texts[answer.kind + answer.question] else { continue }
                    seeds[seed][index].counts[BookComparison.asLLM] =
                        !answer.text.isBlank && expected.hasPrefix(answer.text.trimmed)
                        && answer.counts["unasked_pictures"] != true
                }
            }
        }

        /// Whether each question counts, for each seed in which the arm was asked.
        private func outcomes(of measure: Measure) -> [[(question: String, counts: Bool)]] {
            seeds.map { answers in
                answers.filter(measure.covers)
                    .map { ($0.question, $0.counts[measure.member] == true) }
            }.filter { !$0.isEmpty }
        }

        /// The share of the seeds in which a question counts, by the question; empty if the arm was
        /// not asked.
        func shares(of measure: Measure) -> [String: Double] {
            var shares: [String: Double] = [:]
            for (question, counts) in outcomes(of: measure).joined() {
                shares[question, default: 0] += (counts ? 1 : 0) / Double(seeds.count)
            }
            return shares
        }

        /// The share of the answers that count, for each seed.
        func means(of measure: Measure) -> [Double] {
            outcomes(of: measure).map { Double($0.count(where: \.counts)) / Double($0.count) }
        }
    }

    static let measures =
        firstTurns
        + ["things", "wordings"].flatMap { novelty in
            [false, true].flatMap { wordsAfterImages(novelty, isShown: $0) }
        }

    private static let firstTurns = [
        Measure("names", "name", "things"),
        Measure("one of four", "one-of-four", "things"),
        Measure("describes", "describe", "things"),
        Measure("yes or no", "yes-or-no", "things"),
        Measure("draws", "draw", "things"),
        Measure("explains", "explain", "things"),
        Measure("explains in the LLM's words", "explain", "things", asLLM),
        Measure("riddle: picture", "riddle", "things", "right_pictures"),
        Measure("riddle: word", "riddle", "things", "right_words"),
        Measure("several", "several", "things"),
        Measure("second turn", "follow-up", "things"),
        Measure("draws after another", "draw-after", "things"),
        Measure("names a new drawing", "name", "drawings"),
        Measure("names what was tuned", "name", "wordings"),
        Measure("draws what was tuned", "draw", "wordings"),
        Measure("draws unasked", "talk", "wordings", "unasked_pictures"),
    ]

    /// What is said after an image that was drawn or shown, and images that nobody asked for.
    private static func wordsAfterImages(_ novelty: String, isShown: Bool) -> [Measure] {
        let what = novelty == "things" ? "" : " that was tuned"
        let image = (isShown ? "an image shown" : "a drawing") + what
        return [("ask-after", "about the thing"), ("talk-after", "talk")].flatMap { kind, asked in
            [(asLLM, "in the LLM's words"), ("unasked_pictures", "draws unasked")].map {
                Measure("after \(image), \(asked): \($1)", kind, novelty, $0, isShown: isShown)
            }
        }
    }

    private let arms: [Arm]

    /// Reads `ARM/SEED.json` of a folder; the arm `first` is compared with the others.
    ///
    /// An arm `llm` is the text LLM alone.
    ///
    /// - Throws: `FileError`, `JSONFieldError`, or ``DictionaryError/noReports(path:)``.
    package init(contentsOf folder: String, first: String) throws {
        let files = FileManager.default
        var arms: [Arm] = []
        for name in (try? files.contentsOfDirectory(atPath: folder).sorted()) ?? [] {
            let inside = "\(folder)/\(name)"
            let reports = ((try? files.contentsOfDirectory(atPath: inside)) ?? [])
                .filter { $0.hasSuffix(".json") }.sorted()
            guard !reports.isEmpty else { continue }
            let seeds = try reports.map { report in
                let path = "\(inside)/\(report)"
                let reader = try JSONReader(MappedFile(path).json(), source: path)
                return try reader.objects("answers").map { element in try Answer(element) }
            }
            arms.append(Arm(name: name, seeds: seeds))
        }
        guard let index = arms.firstIndex(where: { $0.name == first }) else {
            throw DictionaryError.noReports(path: "\(folder)/\(first)")
        }
        arms.insert(arms.remove(at: index), at: 0)
        if let llm = arms.first(where: { $0.name == "llm" }) {
            for index in arms.indices { arms[index].compare(with: llm) }
        }
        self.arms = arms
    }

    /// A row for each measure: of each arm the mean of its seeds in percent, and from where to where
    /// they reach.
    package var table: TextTable {
        let names = arms.map {
            $0.seeds.count > 1 ? "\($0.name), \($0.seeds.count) seeds" : $0.name
        }
        return TextTable(
            [["percent"] + names]
                + Self.measures.map { measure in
                    [measure.title] + arms.map { Self.text($0.means(of: measure)) }
                }
        )
    }

    /// A row for each measure: how many points the first arm is ahead of each other, and the 95 %
    /// interval of a paired bootstrap over questions, each of which is about a thing of its own.
    package var lead: TextTable {
        TextTable(
            [["points ahead of"] + arms.dropFirst().map(\.name)]
                + Self.measures.map { measure in
                    let own = arms[0].shares(of: measure)
                    return [measure.title]
                        + arms.dropFirst().map { Self.text(own, $0.shares(of: measure)) }
                }
        )
    }

    private static func text(_ means: [Double]) -> String {
        guard let least = means.min(), let most = means.max() else { return "–" }
        let mean = means.reduce(0, +) / Double(means.count)
        return percent(mean) + (means.count > 1 ? " (\(percent(least))–\(percent(most)))" : "")
    }

    private static func text(_ own: [String: Double], _ other: [String: Double]) -> String {
        let differences = own.keys.sorted().compactMap { question in
            other[question].map { (own[question] ?? 0) - $0 }
        }
        guard let interval = PairedBootstrap(differences) else { return "–" }
        let bounds = [interval.low, interval.high].map(percent)
        return "\(percent(interval.mean)) (\(bounds[0]) to \(bounds[1]))"
    }

    private static func percent(_ share: Double) -> String { (share * 100).decimals(0) }
}

/// The mean of paired differences, and the interval in which 95 % of the means of resampled
/// differences lie (Efron and Tibshirani, 1993, the percentile interval).
struct PairedBootstrap {
    let mean: Double
    let low: Double
    let high: Double

    /// `nil` without differences.
    init?(_ differences: [Double], rounds: Int = 4000, seed: UInt64 = 0) {
        guard !differences.isEmpty else { return nil }
        var random = SeededGenerator(seed: seed)
        let means = (0..<rounds).map { _ in
            differences.indices.reduce(0) { sum, _ in
                sum + differences[Int.random(in: differences.indices, using: &random)]
            } / Double(differences.count)
        }.sorted()
        mean = differences.reduce(0, +) / Double(differences.count)
        low = means[rounds / 40]
        high = means[rounds - 1 - rounds / 40]
    }
}
