package import Basics
internal import Documents
internal import Foundation

extension DictionaryData {
    /// The shards of a dictionary folder.
    package enum Shard: String, CaseIterable, Sendable {
        /// What the text parent reads.
        case text = "text.jsonl"
        /// What the image parent sees first: captions that stand alone.
        case captions = "captions.tar"
        /// What it sees then: captions in sentences.
        case sentences = "sentences.tar"
        /// What tuning replays beside the parents' own data: prose behind images.
        case interleaved = "interleaved.tar"
        /// What the fused model is tuned on.
        case conversations = "conversations.tar"
        /// The questions about held-out concepts, each with its reference answer.
        case questions = "questions.tar"
    }

    /// The number of documents of all shards.
    package var documentCount: Int {
        text.count + captions.count + sentences.count + interleaved.count + conversations.count
            + evaluation.count
    }

    /// Writes all shards into a folder, which appears when it is complete.
    ///
    /// - Parameters:
    ///   - folder: begun before the work of making the data, so that a bad path costs none.
    ///   - onDocument: told how many documents are written.
    /// - Throws: `FileError` if the folder cannot be written.
    package func write(
        into folder: consuming OutputFolder,
        onDocument: (Int) -> Void = { _ in }
    ) throws {
        let path = folder.path
        var count = 0
        func url(_ shard: Shard) -> URL { URL(filePath: "\(path)/\(shard.rawValue)") }
        func lines(_ shard: Shard, _ documents: some Sequence<Document>) throws {
            let writer = try JSONLinesWriter(to: url(shard))
            for document in documents {
                try writer.write(document)
                count += 1
                onDocument(count)
            }
            try writer.finish()
        }
        try lines(.text, text)
        func archive(_ shard: Shard, _ documents: some Sequence<Document>) throws {
            var writer = try WebDatasetWriter(to: url(shard))
            for document in documents {
                try writer.write(document)
                count += 1
                onDocument(count)
            }
            try writer.finish()
        }
        try archive(.captions, captions)
        try archive(.sentences, sentences)
        try archive(.interleaved, interleaved)
        try archive(.conversations, conversations)
        let questions = evaluation.lazy.map { item in
            Document(item.question.segments + item.reference.segments)
        }
        try archive(.questions, questions)
        try folder.commit()
    }
}
