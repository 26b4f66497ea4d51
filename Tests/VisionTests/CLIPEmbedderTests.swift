import Basics
import Checkpoints
import Documents
import Foundation
import JamTesting
import Tensors
import Testing
import Vision

/// Compares with `Fixtures/clip/words`, which `Fixtures/generate_clip.py` makes with transformers: a
/// folder in shards of bfloat16, with the buffers that old folders have.
@Suite struct CLIPEmbedderTests {
    private static let folder =
        URL(filePath: #filePath).deletingLastPathComponent().path + "/Fixtures/clip/words/"

    private let golden: JSONReader
    private let texts: [String]
    private let images: [Image]

    init() throws {
        golden = try JSONReader(
            MappedFile(Self.folder + "golden.json").json(),
            source: "golden.json"
        )
        texts = try golden.array("texts").compactMap {
            if case .string(let text) = $0 { text } else { nil }
        }
        let file = try SafetensorsFile(Self.folder + "images.safetensors")
        images = try ["0", "1", "2"].map { name in
            let shape = try #require(file.entry(name)).shape
            let bytes = try file.withBytes(of: name) { Array($0) }
            return Image(width: shape[1], height: shape[0], pixels: bytes)
        }
    }

    private func numbers(_ key: String) throws -> [Float] {
        try golden.array(key).compactMap {
            switch $0 {
            case .number(let number): Float(number)
            case .integer(let integer): Float(integer)
            default: nil
            }
        }
    }

    private func largestDifference(_ found: [Float], _ expected: [Float]) -> Float {
        found.count == expected.count
            ? zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
    }

    @Test("Embeds as transformers does") func embedsAsTransformersDoes() throws {
        let embedder = try CLIPEmbedder(Self.folder)
        let ids = try golden.array("ids").map { list -> [Int] in
            guard case .array(let ids) = list else { return [] }
            return ids.compactMap { if case .integer(let id) = $0 { id } else { nil } }
        }
        #expect(texts.count == 7 && texts.map(embedder.clip.tokens) == ids)

        let textVectors = try embedder.embeddings(ofTexts: texts)
        #expect(largestDifference(textVectors.flatMap(\.self), try numbers("text")) < 1e-5)
        let imageVectors = try embedder.embeddings(ofImages: images)
        #expect(largestDifference(imageVectors.flatMap(\.self), try numbers("image")) < 1e-5)

        let document = Document([.text(texts[0]), .text(" \n"), .image(images[1])])
        let vectors = try embedder.embeddings(of: [document])
        #expect(largestDifference(vectors[0], try numbers("document")) < 1e-5)
    }

    /// Prevents parts of one document in the embedding of another.
    @Test("Keeps documents apart") func keepsDocumentsApart() throws {
        let embedder = try CLIPEmbedder(Self.folder)
        let documents = [
            Document([.image(images[0])]),
            Document([.text(texts[1]), .image(images[1]), .text(texts[5])]),
            Document([.text(texts[0])]),
            Document([.image(images[2]), .text(texts[4]), .image(images[0])]),
        ]
        let together = try embedder.embeddings(of: documents)
        for (document, vector) in zip(documents, together) {
            let alone = try embedder.embeddings(of: [document])[0]
            #expect(largestDifference(alone, vector) < 1e-5)
            #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
        }
        #expect(try embedder.embeddings(of: []) == [])
        let many = Array(repeating: texts[1], count: 40)
        #expect(try embedder.embeddings(ofTexts: many).count == 40)
    }

    @Test("Refuses documents of nothing") func refusesDocumentsOfNothing() throws {
        let embedder = try CLIPEmbedder(Self.folder)
        for empty in [Document(), Document([.text("")]), Document([.text(" \n")])] {
            let error = #expect(throws: VisionError.self) {
                try embedder.embeddings(of: [Document([.text("a")]), empty])
            }
            #expect(
                error?.description
                    == "a document has no embedding: it has no text and no image"
            )
        }
    }

    /// An image of 40,000 × 1 would be 560,000 × 14 after resizing, for a crop of 12 × 12.
    @Test("Takes long and narrow images") func takesLongAndNarrowImages() throws {
        let embedder = try CLIPEmbedder(Self.folder)
        let gray = [UInt8](repeating: 90, count: 120_000)
        let wide = Image(width: 40_000, height: 1, pixels: gray)
        let high = Image(width: 1, height: 40_000, pixels: gray)
        let small = Image(width: 1, height: 1, pixels: [90, 90, 90])
        let vectors = try embedder.embeddings(ofImages: [wide, high, small])
        #expect(vectors[0] == vectors[2] && vectors[1] == vectors[2])
    }

    // MARK: - Folders

    /// What is wrong with a copy of the folder after a change.
    private func refusal(_ change: (ScratchFolder) throws -> Void) throws -> String? {
        let scratch = try ScratchFolder()
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.folder) {
            let copy = scratch.file(name)
            try FileManager.default.copyItem(atPath: Self.folder + name, toPath: copy)
        }
        try change(scratch)
        do {
            _ = try CLIPEmbedder(scratch.path)
            return nil
        } catch {
            return "\(error)".replacing(scratch.path, with: "clip")
        }
    }

    private func rewrite(_ path: String, _ change: (inout String) -> Void) throws {
        var text = try String(contentsOfFile: path, encoding: .utf8)
        let before = text
        change(&text)
        #expect(text != before)
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    @Test("Reads either file of preprocessing") func readsEitherFileOfPreprocessing() throws {
        let (own, shared) = ("preprocessor_config.json", "processor_config.json")
        #expect(
            try refusal { scratch in
                try rewrite(scratch.file(shared)) { text in
                    text = "{\"crop_size\": 12, \"size\": 14}"
                }
                try FileManager.default.moveItem(
                    atPath: scratch.file(shared),
                    toPath: scratch.file(own)
                )
            } == nil
        )
        #expect(
            try refusal { try FileManager.default.removeItem(atPath: $0.file(shared)) }?
                .hasPrefix("clip/preprocessor_config.json") == true
        )
        #expect(
            try refusal { scratch in
                try rewrite(scratch.file(shared)) {
                    $0.replace("\"resample\": 3", with: "\"resample\": 2")
                }
            }
                == "clip/processor_config.json: image_processor.resample: only 3, bicubic, is supported"
        )
    }

    @Test("Refuses tokenizers of others") func refusesTokenizersOfOthers() throws {
        func config(_ found: String, _ replacement: String) throws -> String? {
            try refusal { scratch in
                try rewrite(scratch.file("config.json")) { $0.replace(found, with: replacement) }
            }
        }
        let unfit = "clip: the tokenizer does not fit the CLIP model: "
        #expect(
            try config("\"eos_token_id\": 524", "\"eos_token_id\": 523")
                == unfit + "its end token is 524, but eos_token_id is 523"
        )
        #expect(try config("\"eos_token_id\": 524", "\"eos_token_id\": 2") == nil)
        #expect(
            try config("\"vocab_size\": 525", "\"vocab_size\": 524")?.contains("token_embedding")
                == true
        )
        #expect(
            try refusal { scratch in
                try rewrite(scratch.file("tokenizer.json")) { text in
                    text.replace("\"RobertaProcessing\"", with: "\"ByteLevel\"")
                    text.replace(/"(sep|cls)": \[[^\]]*\],/, with: "")
                }
            } == unfit + "it adds no end token to a text"
        )
        #expect(
            try refusal { scratch in
                try rewrite(scratch.file("config.json")) {
                    $0.replace("\"eos_token_id\": 524", with: "\"eos_token_id\": 2")
                }
                // Texts end with the token of "a".
                try rewrite(scratch.file("tokenizer.json")) {
                    $0.replace(/"sep": \[[^\]]*\]/, with: "\"sep\": [\"a\", 64]")
                }
            }
                == unfit
                + "its end token is 64, but with the eos_token_id 2 it must be the highest token"
        )
        #expect(
            try refusal { try FileManager.default.removeItem(atPath: $0.file("tokenizer.json")) }?
                .hasPrefix("clip/tokenizer.json") == true
        )
    }

    /// Prevents a bank from being searched with another network than it was built with.
    @Test("Is known by its weights") func isKnownByItsWeights() throws {
        let digest = try CLIPEmbedder(Self.folder).digest
        #expect(digest.utf8.count == 64)
        var other = digest
        #expect(
            try refusal { scratch in
                let path = scratch.file("model-00002-of-00002.safetensors")
                var bytes = try Data(contentsOf: URL(filePath: path))
                bytes[bytes.count - 1] ^= 1
                try bytes.write(to: URL(filePath: path))
                other = try CLIPEmbedder(scratch.path).digest
            } == nil
        )
        #expect(other != digest)
    }

    /// Prevents candidates from being ranked by the images of others.
    @Test("Judges images by text") func judgesImagesByText() throws {
        let embedder = try CLIPEmbedder(Self.folder)
        let words = try embedder.embeddings(ofTexts: [texts[1]])[0]
        let cosines = try embedder.embeddings(ofImages: images).map { vector in
            zip(words, vector).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let fits = try embedder.fits(
            of: [[images[0]], [], [images[1], images[2]], [images[1]]],
            to: texts[1]
        )
        #expect(fits[1] == nil)
        #expect(abs(try #require(fits[0]) - cosines[0]) < 1e-5)
        #expect(abs(try #require(fits[2]) - (cosines[1] + cosines[2]) / 2) < 1e-5)
        #expect(abs(try #require(fits[3]) - cosines[1]) < 1e-5)
    }

    /// Prevents a perceptual loss with other features than the reference's.
    @Test("Has the features of each layer") func hasTheFeaturesOfEachLayer() throws {
        let clip = try CLIPEmbedder(Self.folder).clip
        let features = try withTorchErrors {
            try withoutGradients {
                try clip.model.features(ofPixels: clip.preprocessing(images)).map {
                    try $0.floats()
                }
            }
        }
        #expect(features.count == 2)
        let expected = try numbers("features")
        #expect(largestDifference(features.flatMap(\.self), expected) < 1e-5)
    }
}
