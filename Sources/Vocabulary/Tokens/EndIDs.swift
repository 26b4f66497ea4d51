import Basics

/// The tokens that end an answer, as `generation_config.json` or `config.json` names them.
struct EndIDs: Sendable, Equatable {
    var source = ""
    var ids: [TokenID] = []
    var warnings: [String] = []

    init() {}

    /// Reads `eos_token_id` of the first of the two files that has it, as `transformers` does.
    init(_ files: TextFiles) throws {
        for name in ["generation_config.json", "config.json"] {
            let reader: JSONReader
            do {
                guard let found = try files.reader(name) else { continue }
                reader = found
            } catch let error as TokenizerError {
                // Who needs the file for more says so, too.
                warnings.append("\(error.description); its eos_token_id is not known")
                continue
            }
            for reader in [reader] + Self.ofText(reader) {
                read(reader)
                guard ids.isEmpty else { return }
            }
        }
    }

    /// The configs of the text model inside a multimodal model's: `text_config` in the field,
    /// `towers.text` in ours.
    private static func ofText(_ config: JSONReader) -> [JSONReader] {
        let towers = try? config.nested("towers")
        return [try? config.nested("text_config"), try? towers?.nested("text")].compactMap { $0 }
    }

    /// Reads an integer or an array of them.
    private mutating func read(_ reader: JSONReader) {
        source = reader.source
        let values: [JSON]
        switch reader.object["eos_token_id"] {
        case nil, .null?: return
        case .array(let elements)?: values = elements
        case let value?: values = [value]
        }
        for value in values {
            if case .integer(let id) = value {
                ids.append(id)
            } else {
                warnings.append(
                    "\(reader.source): eos_token_id: \(value.kind) is no token and is ignored"
                )
            }
        }
    }
}
