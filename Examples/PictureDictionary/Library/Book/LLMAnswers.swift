package import Basics
package import Documents
internal import Foundation
internal import Generating
internal import Models

/// What an LLM itself says to questions: the words of conversations that must not change it.
package enum LLMAnswers {
    /// The questions of a batch.
    private static let batchSize = 16

    /// Answers questions greedily, of each answer the sentences that are complete.
    ///
    /// - Parameters:
    ///   - questions: texts of which the user's is the last.
    ///   - model: the folder or the GGUF file of the LLM.
    ///   - onProgress: is told how many are answered.
    /// - Returns: the answers by the text of the question; one without a complete sentence is left
    ///   out.
    /// - Throws: what is wrong with the model.
    package static func ask(
        _ questions: [Document],
        of model: String,
        onProgress: @escaping ProgressHandler
    ) throws -> [String: String] {
        let model = try MultimodalModel(contentsOf: model)
        var options = AnswerOptions(seed: 0)
        options.text = .greedy
        options.maximumTextTokens = 64
        options.imageCount = 0...0
        let progress = Progress("asking", total: questions.count, unit: "questions", to: onProgress)
        var answers: [String: String] = [:]
        var count = 0
        while count < questions.count {
            let batch = Array(questions[count...].prefix(batchSize))
            for (question, answer) in zip(batch, try model.generate(batch, options)) {
                answers[question.text] = answer.document.text.completeSentences
            }
            count += batch.count
            progress.advance(to: count)
        }
        progress.finish(at: count)
        return answers
    }

    /// Writes answers as JSON Lines of `question` and `answer`, in the order of the questions.
    package static func write(
        _ answers: [String: String],
        to questions: [Document],
        path: String
    ) throws {
        let lines = questions.compactMap { question in
            answers[question.text].map { answer -> String in
                let line: JSON = ["question": .string(question.text), "answer": .string(answer)]
                return line.text() + "\n"
            }
        }
        try AtomicFile.write(lines.joined(), to: path)
    }

    /// Reads what ``write(_:to:path:)`` wrote.
    ///
    /// - Throws: ``DictionaryError`` for a file that is missing, and `JSONFieldError` for a wrong line.
    package static func read(_ path: String) throws -> [String: String] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DictionaryError.unreadable(path: path)
        }
        var answers: [String: String] = [:]
        for (number, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
            let source = "\(path), line \(number + 1)"
            let json: JSON
            do {
                json = try JSON(parsing: Array(line))
            } catch {
                throw JSONFieldError(source: source, field: "the line", problem: error.description)
            }
            let reader = try JSONReader(json, source: source)
            answers[try reader.string("question")] = try reader.string("answer")
            try reader.finish()
        }
        return answers
    }
}

extension String {
    /// The text up to its last full stop, question or exclamation mark, on one line; `nil` without.
    fileprivate var completeSentences: String? {
        let line = prefix { $0 != "\n" }.trimmed
        guard let end = line.lastIndex(where: { ".?!".contains($0) }) else { return nil }
        return String(line[...end])
    }
}
