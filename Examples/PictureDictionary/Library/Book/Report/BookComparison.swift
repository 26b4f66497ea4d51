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
        /// What counts, by the member of the report.
        var counts: [String: Bool]

        init(_ reader: JSONReader) throws(JSONFieldError) {
            let expected = try reader.nested("expected")
            kind = try expected.string("kind")
            novelty = try expected.string("new")
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
        var member = "right"
    }

    /// The member of answers whose text is the beginning of what the LLM alone says.
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
                }
            }
        }

        /// Whether each question counts, for each seed in which the arm was asked.
        private func outcomes(of measure: Measure) -> [[(question: String, counts: Bool)]] {
            seeds.map { answers in
                answers.filter { $0.kind == measure.kind && $0.novelty == measure.novelty }
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

    static let measures = [
        Measure(title: "names", kind: "name", novelty: "things"),
        Measure(title: "one of four", kind: "one-of-four", novelty: "things"),
        Measure(title: "describes", kind: "describe", novelty: "things"),
        Measure(title: "yes or no", kind: "yes-or-no", novelty: "things"),
        Measure(title: "draws", kind: "draw", novelty: "things"),
        Measure(title: "explains", kind: "explain", novelty: "things"),
        Measure(
            title: "explains in the LLM's words",
            kind: "explain",
            novelty: "things",
            member: asLLM
        ),
        Measure(
            title: "riddle: picture",
            kind: "riddle",
            novelty: "things",
            member: "right_pictures"
        ),
        Measure(title: "riddle: word", kind: "riddle", novelty: "things", member: "right_words"),
        Measure(title: "several", kind: "several", novelty: "things"),
        Measure(title: "second turn", kind: "follow-up", novelty: "things"),
        Measure(title: "draws after another", kind: "draw-after", novelty: "things"),
        Measure(
            title: "answers about it in the LLM's words",
            kind: "ask-after",
            novelty: "things",
            member: asLLM
        ),
        Measure(
            title: "talks after an image in the LLM's words",
            kind: "talk-after",
            novelty: "things",
            member: asLLM
        ),
        Measure(title: "names a new drawing", kind: "name", novelty: "drawings"),
        Measure(title: "names what was tuned", kind: "name", novelty: "wordings"),
        Measure(title: "draws what was tuned", kind: "draw", novelty: "wordings"),
        Measure(
            title: "draws unasked",
            kind: "talk",
            novelty: "wordings",
            member: "unasked_pictures"
        ),
        Measure(
            title: "after an image",
            kind: "talk-after",
            novelty: "wordings",
            member: "unasked_pictures"
        ),
    ]

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

    /// The mean of the seeds in percent, and from where to where they reach.
    package var table: TextTable {
        TextTable(
            [["arm", "seeds"] + Self.measures.map(\.title)]
                + arms.map { arm in
                    [arm.name, "\(arm.seeds.count)"]
                        + Self.measures.map { measure in
                            let means = arm.means(of: measure)
                            guard let least = means.min(), let most = means.max() else {
                                return "–"
                            }
                            let mean = means.reduce(0, +) / Double(means.count)
                            let spread =
                                means.count > 1
                                ? " (\(Self.percent(least))–\(Self.percent(most)))" : ""
                            return Self.percent(mean) + spread
                        }
                }
        )
    }

    /// How many points the first arm is ahead, and the 95 % interval of a paired bootstrap over
    /// questions, each of which is about a thing of its own.
    package var lead: TextTable {
        TextTable(
            [["ahead of"] + Self.measures.map(\.title)]
                + arms.dropFirst().map { arm in
                    [arm.name]
                        + Self.measures.map { measure in
                            let (own, other) = (
                                arms[0].shares(of: measure), arm.shares(of: measure)
                            )
                            let differences = own.keys.sorted().compactMap { question in
                                other[question].map { (own[question] ?? 0) - $0 }
                            }
                            guard let interval = PairedBootstrap(differences) else { return "–" }
                            let bounds = [interval.low, interval.high].map(Self.percent)
                            return "\(Self.percent(interval.mean)) (\(bounds[0]) to \(bounds[1]))"
                        }
                }
        )
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
