package import Basics
internal import Documents
internal import Foundation

extension PictureBook {
    /// The files of a data folder.
    enum Shard: String, CaseIterable {
        case captions = "captions.tar"
        case definitions = "definitions.jsonl"
    }

    private func documents(of shard: Shard) -> Corpus {
        switch shard {
        case .captions: captions
        case .definitions: definitions
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
        for shard in Shard.allCases {
            try documents(of: shard).write(to: folder.file(shard.rawValue)) {
                count += 1
                progress.advance(to: count)
            }
        }
        progress.finish(at: total)
        try folder.commit()
    }
}

extension Corpus {
    /// Writes all documents to a tar archive or a JSON Lines file, as the name's end says.
    func write(to path: String, afterEach: () -> Void) throws {
        let url = URL(filePath: path)
        if path.hasSuffix(".jsonl") {
            let writer = try JSONLinesWriter(to: url)
            for document in self {
                try writer.write(document)
                afterEach()
            }
            try writer.finish()
        } else {
            var writer = try WebDatasetWriter(to: url)
            for document in self {
                try writer.write(document)
                afterEach()
            }
            try writer.finish()
        }
    }
}
