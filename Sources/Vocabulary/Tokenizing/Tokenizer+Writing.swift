package import Basics
package import Foundation

extension Tokenizer {
    /// Writes `tokenizer.json` and `tokenizer_config.json` into an existing folder, for
    /// `transformers.AutoTokenizer.from_pretrained`, and `generation_config.json` if several tokens
    /// end an answer.
    ///
    /// - Returns: the names of the files.
    @discardableResult
    package func write(to folder: URL) throws(FileError) -> [String] {
        var files = [("tokenizer.json", json), ("tokenizer_config.json", configuration)]
        if space.ends.count > 1 {
            let ends = JSON.array(space.ends.sorted().map(JSON.integer))
            files.append(("generation_config.json", ["eos_token_id": ends]))
        }
        for (name, contents) in files {
            try AtomicFile.write(
                contents.text(.indented) + "\n",
                to: folder.appending(path: name).path
            )
        }
        return files.map(\.0)
    }

    package var json: JSON {
        var file: JSON.Object = [
            "version": "1.0",
            "truncation": .null,
            "padding": .null,
            "added_tokens": .array(addedTokens.map(\.json)),
        ]
        for (member, value) in pipeline.json.members { file[member] = value }
        file["model"] = model.json
        return .object(file)
    }

    /// The contents of `tokenizer_config.json`, without tokens that do not exist.
    private var configuration: JSON {
        var object: JSON.Object = [
            "tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": false,
        ]
        for (member, spelling) in templateVariables.members { object[member] = spelling }
        if specialTokensMap.addsBeginning { object["add_bos_token"] = true }
        if ConversationFormat.hasRoles(space) {
            object["chat_template"] = .string(ConversationFormat.roleTemplate)
        }
        return .object(object)
    }
}

extension BPEModel {
    /// The `model` member, with merges as `"a b"`, which old and new readers take, unless a token
    /// contains a space.
    var json: JSON {
        var vocabulary = JSON.Object()
        for (id, token) in tokens.enumerated() {
            if let spelling = reserved[id] ?? (token.isEmpty ? nil : spelling(of: token)) {
                vocabulary[spelling] = .integer(id)
            }
        }
        for (id, spelling) in reserved.sorted(by: { $0.key < $1.key }) where id >= tokens.count {
            vocabulary[spelling] = .integer(id)
        }
        let hasSpaces = tokens.contains { spelling(of: $0).utf8.contains(0x20) }
        var object = settings
        object["vocab"] = .object(vocabulary)
        object["merges"] = .array(
            merges.map { merge in
                let sides = [spelling(of: tokens[merge.left]), spelling(of: tokens[merge.right])]
                return hasSpaces
                    ? .array(sides.map(JSON.string)) : .string(sides.joined(separator: " "))
            }
        )
        return .object(object)
    }
}
