import Basics
public import Documents
import Foundation
public import Vision
public import Vocabulary

/// The documents of a recipe as tokens, and the vocabulary that they are written in.
public struct RecipeData {
    /// The tokenizer.
    public let tokenizer: Tokenizer
    /// The documents to learn from.
    public let sources: [ExampleSource]
    /// The examples of the evaluation; empty where there is none.
    public let heldOut: [TrainingExample]

    /// Reads all shards of a recipe.
    ///
    /// - Parameters:
    ///   - coder: the image tokenizer; `nil` where no document may have pictures.
    ///   - progress: told how many documents are read.
    /// - Throws: `ShardError` for the first document that is wrong, ``DataError`` for a picture
    ///   without an image tokenizer, or with one that does not fit the vocabulary.
    public init(
        _ recipe: Recipe,
        coder: (any PictureCoder)?,
        progress: (Int) -> Void = { _ in }
    ) throws {
        let tokenizer = try Tokenizer(contentsOf: URL(filePath: recipe.tokenizer))
        let space = tokenizer.space
        if let coder, coder.codeCount != space.image.count {
            throw DataError.codes(found: coder.codeCount, expected: space.image.count)
        }
        let encoder = DocumentEncoder(tokenizer, coder)
        var count = 0
        func sequences(_ paths: [String]) throws -> [TokenSequence] {
            var sequences: [TokenSequence] = []
            for path in paths {
                let documents = try DocumentShard(contentsOf: URL(filePath: path)).documents()
                while let document = try documents.next() {
                    sequences.append(try encoder.sequence(of: document, from: path))
                    count += 1
                    progress(count)
                }
            }
            return sequences
        }
        sources = try recipe.data.map { data in
            ExampleSource(
                data.name,
                try sequences(data.paths),
                objective: data.objective,
                weight: data.weight
            )
        }
        heldOut = try recipe.heldOut.map { held in
            let source = ExampleSource(
                "held out",
                try sequences(held.paths),
                objective: held.objective
            )
            try source.check(in: space)
            return source.sequences.enumerated().map { index, sequence in
                var generator = SeededGenerator(seed: recipe.seed, UInt64(index))
                return held.objective.example(of: sequence, in: space, using: &generator)
            }
        } ?? []
        self.tokenizer = tokenizer
    }
}

/// Turns documents into tokens.
public struct DocumentEncoder {
    private let tokenizer: Tokenizer
    private let coder: (any PictureCoder)?

    /// Encodes texts by a tokenizer and pictures by an image tokenizer, where there is one.
    public init(_ tokenizer: Tokenizer, _ coder: (any PictureCoder)?) {
        self.tokenizer = tokenizer
        self.coder = coder
    }

    /// The tokens of a document that came from `place`.
    public func sequence(of document: Document, from place: String) throws -> TokenSequence {
        let pictures = document.segments.compactMap { segment -> Picture? in
            guard case .picture(let picture) = segment.content else { return nil }
            return picture
        }
        guard pictures.isEmpty || coder != nil else { throw DataError.noCoder(source: place) }
        for speaker in Set(document.segments.compactMap(\.speaker))
        where tokenizer.space.markers[speaker.marker] == nil {
            throw DataError.marker(source: place, spelling: speaker.marker.spelling)
        }
        let required: [TokenSpace.Marker] = pictures.isEmpty ? [.end] : [.end, .pictureStart]
        for marker in required where tokenizer.space.markers[marker] == nil {
            throw DataError.marker(source: place, spelling: marker.spelling)
        }
        // All pictures of a document pass through the network together.
        var codes = try coder?.encode(pictures)[...] ?? []
        return TokenSequence(
            document,
            in: tokenizer.space,
            text: { tokenizer.encode($0) },
            picture: { _ in codes.popFirst() ?? [] }
        )
    }
}
