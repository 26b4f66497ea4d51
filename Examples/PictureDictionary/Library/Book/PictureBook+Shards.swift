package import Basics
internal import Documents
internal import Foundation

extension PictureBook {
    /// The files of a data folder.
    enum Shard: String, CaseIterable {
        case captions = "captions.tar"
        case conversations = "conversations.tar"
        case wordsAfterImages = "words-after-images.tar"
    }

    private func documents(of shard: Shard) -> Corpus {
        switch shard {
        case .captions: captions
        case .conversations: conversations
        case .wordsAfterImages: wordsAfterImages
        }
    }

    /// Writes all shards that have documents into a folder and commits it.
    ///
    /// - Throws: `FileError` if the folder cannot be written.
    package func write(
        into folder: consuming OutputFolder,
        onProgress: @escaping ProgressHandler
    ) throws {
        let questions = questions()
        let total = Shard.allCases.reduce(questions.count) { $0 + documents(of: $1).count }
        let progress = Progress("writing", total: total, unit: "documents", to: onProgress)
        var count = 0
        for shard in Shard.allCases where !documents(of: shard).isEmpty {
            var writer = try WebDatasetWriter(to: URL(filePath: folder.file(shard.rawValue)))
            for document in documents(of: shard) {
                try writer.write(document)
                count += 1
                progress.advance(to: count)
            }
            try writer.finish()
        }
        var writer = try WebDatasetWriter(to: URL(filePath: folder.file("questions.tar")))
        for question in questions {
            let document = Document(question.conversation.question)
            try writer.write(document, beside: [("expected", Array(question.json.text().utf8))])
        }
        try writer.finish()
        progress.finish(at: total)
        try folder.commit()
    }
}
