import Basics

/// A GGUF file as the Hugging Face folder that it stands for: its metadata as files, its tensors
/// under their names there.
///
/// A file of that folder is made when it is asked for.
final class GGUFFolder: Sendable {
    private typealias FileName = CheckpointFolder.FileName

    let file: GGUFFile
    private let architecture: GGUFArchitecture

    init(_ mapped: MappedFile) throws {
        let file = try GGUFFile(mapped)
        try Self.checkIsWhole(file.metadata)
        architecture = try GGUFArchitecture.of(file.metadata)
        self.file = file
    }

    var path: String { file.path }
    /// The last part of the path.
    var fileName: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// What is odd but harmless, one sentence each.
    var warnings: [String] {
        guard GGUFPreTokenizer.isUnnamed(in: file.metadata) else { return file.warnings }
        return file.warnings + [
            "\(path): \(GGUFPreTokenizer.key) does not say how text is split; as GPT-2 does"
        ]
    }

    func weights() throws -> GGUFWeights { try GGUFWeights(file, architecture) }

    func has(_ name: String) -> Bool {
        switch name {
        case FileName.config: true
        case FileName.tokenizer, FileName.tokenizerConfig, FileName.generationConfig: hasTokens
        case FileName.chatTemplate: hasTokens && file.metadata.has("tokenizer.chat_template")
        default: false
        }
    }

    /// A file of JSON; `nil` if there is none.
    func json(_ name: String) throws -> JSON? {
        if name == FileName.config { return .object(try config()) }
        guard hasTokens else { return nil }
        switch name {
        case FileName.tokenizer: return try tokenizer().json(architecture)
        case FileName.tokenizerConfig: return try tokenizer().config()
        case FileName.generationConfig: return try tokenizer().generationConfig()
        default: return nil
        }
    }

    /// The content of a file; `nil` if there is none.
    func text(_ name: String) throws -> String? {
        if name == FileName.chatTemplate { return hasTokens ? try tokenizer().chatTemplate() : nil }
        return try json(name).map { $0.text(.indented) + "\n" }
    }

    private func config() throws -> JSON.Object {
        let shapes = Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.shape) })
        let scaling = try Self.ropeScaling(file, architecture)
        return try GGUFConfig(file.metadata, architecture, ropeScaling: scaling) { shapes[$0] }.json
    }

    private var hasTokens: Bool { file.metadata.has(GGUFTokens.tokensKey) }

    private func tokenizer() throws(GGUFError) -> GGUFTokenizer {
        try GGUFTokenizer(file.metadata)
    }

    /// Refuses one of several files that a model is split into.
    private static func checkIsWhole(_ metadata: GGUFMetadata) throws(GGUFError) {
        guard let count = try metadata.integer("split.count"), count > 1 else { return }
        throw metadata.failure(
            "split.count",
            "the model is split into \(count) files; join them with llama-gguf-split"
        )
    }

    private static func ropeScaling(
        _ file: GGUFFile,
        _ architecture: GGUFArchitecture
    ) throws -> JSON? {
        guard let tensor = file.tensors.first(where: { $0.name == GGUFRopeFactors.tensor }) else {
            return nil
        }
        guard tensor.count <= 1 << 16 else {
            throw GGUFError(
                path: file.path,
                problem: "\(GGUFRopeFactors.tensor.quoted()) has \(tensor.count) values; "
                    + "half the width of a head is expected"
            )
        }
        var factors = [Float](repeating: 0, count: tensor.count)
        try factors.withUnsafeMutableBufferPointer { try file.read(tensor, from: 0, into: $0) }
        let base = try file.metadata.number("\(architecture.name).rope.freq_base") ?? 10_000
        return try GGUFRopeFactors.ropeScaling(factors, base: base, path: file.path)
    }
}
