import Basics
import Foundation

/// Vocabularies of published image-token models around a small tokenizer of ours: the special tokens and
/// image codes in their spelling and order, and for Chameleon with their ids.
///
/// Sources: `tokenizer.json` and `ChameleonProcessor` of Chameleon; `tokenization_emu3.py` of Emu3. Emu3's
/// ids follow a text vocabulary of 151,643 tokens, which is too large here.
enum PublishedVocabulary: String, CaseIterable {
    case chameleon
    case lumina
    case emu3

    /// What comes before the text tokens, in the order of the ids from 0.
    private var before: [String] {
        guard self != .emu3 else { return [] }
        let codes = (0..<codeCount).map { code in
            "IMGIMG" + String(code).utf8.map { String(UnicodeScalar($0 + 17)) }.joined() + "Z"
        }
        // The token <reservedN> has the id N + 4.
        return ["<s>", "<pad>", "</s>", "<unk>"] + codes + ["<eoss>", "<racm3:break>"]
            + (8194...8899).map { "<reserved0\($0)>" }
    }

    /// What comes after the text tokens.
    private var after: [String] {
        guard self == .emu3 else { return [] }
        return ["<|endoftext|>", "<|im_start|>", "<|im_end|>"] + (0..<205).map { "<|extra_\($0)|>" }
            + ["<|image token|>", "<|image start|>", "<|image end|>"]
            + (0..<codeCount).map { code in
                let digits = String(code)
                return "<|visual token " + String(repeating: "0", count: 6 - digits.count) + digits
                    + "|>"
            }
    }

    var codeCount: Int { self == .emu3 ? 32_768 : 8192 }

    /// The `tokenizer_config.json`.
    private var config: JSON {
        self == .emu3
            ? [
                "bos_token": "<|extra_203|>", "eos_token": "<|extra_204|>",
                "pad_token": "<|endoftext|>",
            ] : ["bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"]
    }

    /// The `image_frame.json`, for images of at most 16 codes; `nil` where the tokenizer says it.
    private var frame: JSON? {
        switch self {
        case .chameleon: nil
        case .lumina:
            [
                "opening": ["<racm3:break>"],
                "size": [
                    "tokens": "<reserved08801>", "step": 2, "max_codes": 16, "max_ratio": 4,
                ],
                "row_end": "<reserved08799>", "closing": ["<eoss>"],
            ]
        case .emu3:
            [
                "opening": ["<|image start|>"],
                "size": ["text": "*", "step": 1, "max_codes": 16, "max_ratio": 5],
                "after_size": ["<|image token|>"], "row_end": "<|extra_200|>",
                "closing": ["<|extra_201|>", "<|image end|>"],
            ]
        }
    }

    /// Writes the tokenizer files of a parent into a folder, with the text tokens and merges of a
    /// tokenizer of ours, whose folder is `words`.
    func write(to folder: String, text words: String) throws {
        try makeFolder(folder)
        let data = try Data(contentsOf: URL(filePath: words + "/tokenizer.json"))
        guard case .object(var file) = try JSON(parsing: data),
            case .object(var model)? = file["model"], case .object(let vocabulary)? = model["vocab"]
        else { throw FileError.missing(path: words) }
        var shifted = JSON.Object()
        for case (let spelling, .integer(let id)) in vocabulary.members {
            shifted[spelling] = .integer(id + before.count)
        }
        model["vocab"] = .object(shifted)
        file["model"] = .object(model)
        let first = before.count + vocabulary.members.count
        let tokens =
            before.enumerated().map { ($0, $1) } + after.enumerated().map { (first + $0, $1) }
        file["added_tokens"] = .array(
            tokens.map { ["id": .integer($0), "content": .string($1), "special": true] }
        )
        try AtomicFile.write(JSON.object(file).text(), to: folder + "/tokenizer.json")
        try AtomicFile.write(config.text(), to: folder + "/tokenizer_config.json")
        if let frame { try AtomicFile.write(frame.text(), to: folder + "/image_frame.json") }
    }
}
