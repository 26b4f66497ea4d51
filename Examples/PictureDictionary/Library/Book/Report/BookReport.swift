package import Basics
internal import Documents
package import Generating
internal import Models

/// What a model answers to the questions of a picture book, and how much of it is right.
package struct BookReport {
    /// The questions of a batch.
    private static let batchSize = 16

    let outcomes: [BookOutcome]

    /// Asks a model all questions: words greedily, pictures as `options` say.
    ///
    /// A model of text alone is asked those without pictures, and what follows a picture in words.
    ///
    /// - Parameters:
    ///   - model: a model with a chat template.
    ///   - book: the things and the questions.
    ///   - limit: the most questions of a kind and novelty.
    ///   - options: how pictures are drawn, and the seed.
    ///   - onProgress: is told how many are answered.
    /// - Returns: what was counted.
    /// - Throws: what is wrong with the model.
    package static func measure(
        _ model: String,
        on book: PictureBook,
        limit: Int,
        _ options: AnswerOptions,
        onProgress: @escaping ProgressHandler
    ) throws -> BookReport {
        let model = try MultimodalModel(contentsOf: model)
        let reads = model.tokenizer.image != nil
        let questions = book.questions(limit: limit).filter {
            reads || [.askAfter, .talkAfter].contains($0.conversation.kind)
                || Document($0.conversation.question).images.isEmpty
        }
        let index = ConceptIndex(book.concepts, painter: book.painter)
        var options = options
        options.text = .greedy
        options.maximumTextTokens = 80
        let progress = Progress("asking", total: questions.count, unit: "questions", to: onProgress)
        var outcomes: [BookOutcome] = []
        while outcomes.count < questions.count {
            let batch = questions[outcomes.count...].prefix(batchSize)
            let prompts = batch.map {
                reads ? Document($0.conversation.question) : $0.conversation.questionInWords
            }
            let answers = try model.generate(prompts, options)
            outcomes += zip(batch, answers).map {
                BookOutcome($0, answer: $1.document, index: index)
            }
            options.seed &+= UInt64(batch.count)
            progress.advance(to: outcomes.count)
        }
        progress.finish(at: outcomes.count)
        return BookReport(outcomes: outcomes)
    }

    /// The outcomes of a kind of question, by what is new in them.
    private var groups: [(String, PictureBook.Novelty, [BookOutcome])] {
        PictureBook.Novelty.allCases.flatMap { novelty in
            BookConversation.Kind.allCases.compactMap { kind in
                let group = outcomes.filter {
                    $0.question.novelty == novelty && $0.question.conversation.kind == kind
                }
                return group.isEmpty ? nil : (kind.rawValue, novelty, group)
            }
        }
    }

    /// A row for each kind and novelty: how many were asked, and the shares in percent.
    package var json: JSON {
        let rows = groups.map { kind, novelty, group -> JSON in
            func share(_ isCounted: (BookOutcome) -> Bool) -> JSON {
                .number(Double(group.count(where: isCounted)) / Double(group.count))
            }
            return [
                "kind": .string(kind), "new": .string(novelty.rawValue),
                "count": .integer(group.count), "right": share(\.isRight),
                "right_pictures": share(\.drewRight), "right_words": share(\.saidRight),
                "unasked_pictures": share(\.drewUnasked), "no_picture": share(\.drewNothing),
            ]
        }
        return ["rows": .array(rows), "answers": .array(outcomes.map(\.json))]
    }

    /// The rows as aligned text.
    package var text: String {
        let header = ["kind", "new", "count", "right", "pictures", "words", "unasked", "none"]
        let rows = groups.map { kind, novelty, group -> [String] in
            func percent(_ isCounted: (BookOutcome) -> Bool) -> String {
                let share = Double(group.count(where: isCounted)) / Double(group.count)
                return "\((share * 1000).rounded() / 10)"
            }
            return [
                kind, novelty.rawValue, "\(group.count)", percent(\.isRight),
                percent(\.drewRight), percent(\.saidRight), percent(\.drewUnasked),
                percent(\.drewNothing),
            ]
        }
        return ([header] + rows).map { row in
            row.map { $0 + String(repeating: " ", count: max(1, 14 - $0.count)) }.joined()
        }.joined(separator: "\n")
    }
}

extension BookOutcome {
    /// The question's metadata, what was said and what was drawn.
    fileprivate var json: JSON {
        [
            "question": .string(Document(question.conversation.question).text),
            "expected": question.json,
            "text": .string(text),
            "alt_texts": .array(altTexts.map(JSON.string)),
            "drawn": .array(drawn.map { $0.map(JSON.string) ?? .null }),
            "right": .bool(isRight),
            "right_pictures": .bool(drewRight),
            "right_words": .bool(saidRight),
            "unasked_pictures": .bool(drewUnasked),
        ]
    }
}
