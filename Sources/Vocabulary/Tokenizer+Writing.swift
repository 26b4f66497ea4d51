public import Basics
public import Foundation

extension Tokenizer {
    /// Writes `tokenizer.json` and `tokenizer_config.json` into a folder that exists, so that
    /// `transformers.AutoTokenizer.from_pretrained` reads it.
    ///
    /// - Returns: the names of the files.
    @discardableResult
    public func write(to folder: URL) throws(FileError) -> [String] {
        let files = [("tokenizer.json", json), ("tokenizer_config.json", configuration)]
        for (name, contents) in files {
            try AtomicFile.write(
                contents.text(.indented) + "\n",
                to: folder.appending(path: name).path
            )
        }
        return files.map(\.0)
    }

    /// The contents of `tokenizer.json`.
    public var json: JSON {
        [
            "version": "1.0",
            "truncation": .null,
            "padding": .null,
            "added_tokens": .array(addedTokens.map(\.json)),
            "normalizer": normalizer.json,
            "pre_tokenizer": splitPattern.json,
            "post_processor": postProcessor,
            "decoder": SplitPattern.byteLevel(usesRegex: true),
            "model": model.json,
        ]
    }

    /// The contents of `tokenizer_config.json`; what needs a marker that is not there is left out.
    private var configuration: JSON {
        var object: JSON.Object = [
            "tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": false,
        ]
        if space.markers[.end] != nil {
            object["eos_token"] = .string(TokenSpace.Marker.end.spelling)
        }
        if space.markers[.padding] != nil {
            object["pad_token"] = .string(TokenSpace.Marker.padding.spelling)
        }
        if ConversationFormat.isPossible(in: space) {
            object["chat_template"] = .string(ConversationFormat.template)
        }
        return .object(object)
    }
}

extension Normalizer {
    /// The `normalizer` of a file.
    var json: JSON {
        switch self {
        case .none: .null
        case .composed: ["type": "NFC"]
        }
    }
}

extension BytePairModel {
    /// The `model` of a file; merges are spelled `"a b"`, which old and new readers take.
    var json: JSON {
        let spellings = tokens.map { ByteAlphabet.spelling(of: $0) }
        var vocabulary = JSON.Object()
        for (id, spelling) in zip(ids, spellings) { vocabulary[spelling] = .integer(id) }
        let lines = merges.map { merge in
            spellings[merge.left - ids.lowerBound] + " " + spellings[merge.right - ids.lowerBound]
        }
        return [
            "type": "BPE",
            "dropout": .null,
            "unk_token": .null,
            "continuing_subword_prefix": .null,
            "end_of_word_suffix": .null,
            "fuse_unk": false,
            "byte_fallback": false,
            "ignore_merges": .bool(ignoresMerges),
            "vocab": .object(vocabulary),
            "merges": .array(lines.map(JSON.string)),
        ]
    }
}
