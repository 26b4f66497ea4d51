import Basics
import Decoders
import Generating
import Layers
import Models
import Tensors
import Vocabulary

/// Published frames in a small vocabulary, for images of few codes.
enum TinyFrame: String, CaseIterable {
    case ours
    case chameleon
    case lumina
    case emu3

    var frame: ImageFrame {
        switch self {
        case .ours: return .ours
        case .chameleon: return .chameleon
        case .lumina:
            var frame = ImageFrame.lumina
            frame.size = ImageFrame.VariableSize(
                .tokens("<reserved08801>"),
                step: 2,
                maximumCodes: 16,
                maximumRatio: 2
            )
            return frame
        case .emu3:
            var frame = ImageFrame.emu3
            frame.size?.maximumCodes = 12
            return frame
        }
    }

    /// The published tokens of all frames, beside our own.
    static let spellings =
        ["<racm3:break>", "<eoss>", "<|image start|>", "<|image end|>", "<|image token|>"]
        + (200...201).map { "<|extra_\($0)|>" } + (8799...8810).map { "<reserved0\($0)>" }

    static func tokenizer() throws -> Tokenizer {
        let plain = try TinyModel.tokenizer()
        guard case .object(var file) = plain.json, case .array(var tokens)? = file["added_tokens"]
        else { throw GenerationError.logitsNotFinite }
        for (index, spelling) in spellings.enumerated() {
            tokens.append(
                [
                    "id": .integer(plain.space.count + index), "content": .string(spelling),
                    "special": true,
                ]
            )
        }
        file["added_tokens"] = .array(tokens)
        return try Tokenizer(json: .object(file))
    }

    func layout(_ tokenizer: Tokenizer) throws -> FrameLayout {
        try FrameLayout(frame, in: tokenizer, usualSize: GrayTokenizer().grid)
    }

    func generator(_ kind: TinyModel, contextLength: Int = 200) throws -> MultimodalModel {
        let tokenizer = try Self.tokenizer()
        return try MultimodalModel(
            kind.make(vocabularySize: tokenizer.space.count, codes: tokenizer.space.image),
            DocumentTokenizer(tokenizer, GrayTokenizer(), frame: frame),
            contextLength: contextLength
        )
    }
}

extension FrameLayout {
    /// The size and the length of the image at the beginning of some tokens, read token by token by
    /// the grammar; `nil` if they begin with none.
    func parse(_ tokens: ArraySlice<TokenID>, codes: Range<TokenID>) -> (GridSize, Int)? {
        for size in sizes where tokens.starts(with: header(of: size)) {
            let length = tokenCount(of: size)
            let found = tokens.prefix(length)
            guard found.count == length else { return nil }
            let read = found.dropFirst(header(of: size).count).filter(codes.contains)
            guard read.count == size.count,
                framed(read.map { $0 - codes.lowerBound }, size).tokens == Array(found)
            else { return nil }
            return (size, length)
        }
        return nil
    }
}
