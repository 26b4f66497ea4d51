package import Basics
import Documents
import Foundation

extension DictionaryData {
    /// The files of a data folder.
    enum Shard: String, CaseIterable {
        case text = "text.jsonl"
        case captions = "captions.tar"
        case sentences = "sentences.tar"
        case interleaved = "interleaved.tar"
        case conversations = "conversations.tar"
        case questions = "questions.tar"
    }

    private func documents(of shard: Shard) -> Corpus {
        switch shard {
        case .text: text
        case .captions: captions
        case .sentences: sentences
        case .interleaved: interleaved
        case .conversations: conversations
        case .questions: Corpus(count: questions.count) { questions[$0].document }
        }
    }

    /// Writes all shards into a folder and commits it.
    ///
    /// - Throws: `FileError` if the folder cannot be written.
    package func write(
        into folder: consuming OutputFolder,
        onProgress: @escaping ProgressHandler
    ) throws {
        let total = Shard.allCases.reduce(0) { $0 + documents(of: $1).count }
        let progress = Progress("writing", total: total, unit: "documents", to: onProgress)
        var count = 0
        func writeAll(of shard: Shard, _ write: (Document) throws -> Void) throws {
            for document in documents(of: shard) {
                try write(document)
                count += 1
                progress.advance(to: count)
            }
        }
        for shard in Shard.allCases {
            let url = URL(filePath: folder.file(shard.rawValue))
            if shard == .text {
                let writer = try JSONLinesWriter(to: url)
                try writeAll(of: shard) { try writer.write($0) }
                try writer.finish()
            } else {
                var writer = try WebDatasetWriter(to: url)
                try writeAll(of: shard) { try writer.write($0) }
                try writer.finish()
            }
        }
        progress.finish(at: total)
        try folder.commit()
    }
}
