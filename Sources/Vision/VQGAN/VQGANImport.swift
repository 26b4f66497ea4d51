internal import Basics
internal import Checkpoints
internal import Foundation
internal import Layers

/// The weights of a ``VQGAN`` in another format, checked and ready to be written as a folder.
///
/// Sources are safetensors or `torch.save` files of taming-transformers and Chameleon, and Hugging Face
/// folders of Chameleon or of its image tokenizer alone.
package struct VQGANImport {
    package let config: VQGANConfig
    package var weightCount: Int { specs.count }
    /// The number of weights of the training loss, which are left out.
    package let lossCount: Int
    private let weights: PrefixedWeights
    private let specs: [ParameterSpec]

    /// Opens a source and compares its weights with those that the network declares.
    ///
    /// The image size is the side length in pixels; `nil` means the one in the folder's config.
    package init(_ source: String, imageSize: Int?) throws {
        let opened: any WeightSource
        var stated: Int?
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: source, isDirectory: &isFolder)
        if isFolder.boolValue {
            let folder = try CheckpointFolder(source)
            stated = try Self.resolution(folder.configReader())
            opened = folder
        } else if try TorchFile.begins(source) {
            opened = try TorchFile(source)
        } else {
            opened = try SafetensorsFile(source)
        }
        guard let imageSize = imageSize ?? stated else { throw VisionError.noImageSize(source) }
        let inner = "model.vqmodel."
        let isInner = opened.names.contains { $0.hasPrefix(inner) }
        let weights = PrefixedWeights(opened, prefix: isInner ? inner : "")
        let config = try VQGANConfig(of: weights, imageSize: imageSize)
        let specs = try ParameterStore.declaration { try VQGAN(config, $0) }
        do {
            try weights.check(specs) { Self.allowsUnused($0, hasDecoder: config.hasDecoder) }
            try weights.checkFloats(specs)
        } catch {
            throw VisionError(error)
        }
        self.weights = weights
        self.config = config
        self.specs = specs
        lossCount = weights.names.count(where: Self.isLoss)
    }

    /// Writes `config.json` and `model.safetensors` to a new folder, atomically; the weights keep their
    /// type.
    package func write(to path: String) throws {
        let folder = try OutputFolder(at: path)
        let entries = specs.compactMap { spec in
            weights.entry(spec.name)
        }.map { entry in
            let name = String(entry.name.dropFirst(weights.prefix.count))
            return WeightEntry(name: name, elementType: entry.elementType, shape: entry.shape)
        }
        try folder.need(entries.reduce(0) { $0 + $1.byteCount })
        let config = config.json.text(.indented) + "\n"
        try folder.write(config, to: CheckpointFolder.FileName.config)
        var writer = try SafetensorsWriter(
            folder.file(CheckpointFolder.FileName.weights),
            entries: entries
        )
        for entry in entries {
            try weights.withBytes(of: entry.name) { try writer.write($0, to: entry.name) }
        }
        try writer.finish()
        try folder.commit()
    }

    /// The image size in the config of Chameleon or of its image tokenizer, 512 by default.
    private static func resolution(_ reader: JSONReader) throws(JSONFieldError) -> Int? {
        switch try reader.string("model_type", default: "") {
        case "chameleon":
            guard reader.has("vq_config") else { return 512 }
            return try reader.nested("vq_config").integer("resolution", default: 512)
        case "chameleon_vqgan": return try reader.integer("resolution", default: 512)
        default: return nil
        }
    }

    /// Whether a weight belongs to the training loss: the discriminator or the perceptual network.
    private static func isLoss(_ name: String) -> Bool { name.hasPrefix("loss.") }

    /// Whether a weight may be unused: also the convolution before a missing decoder.
    private static func allowsUnused(_ name: String, hasDecoder: Bool) -> Bool {
        isLoss(name) || !hasDecoder && name.hasPrefix("post_quant_conv.")
    }
}

extension WeightSource {
    /// Refuses weights in 8 bits.
    fileprivate func checkFloats(_ specs: [ParameterSpec]) throws(LoadingError) {
        for case let entry? in specs.map({ entry($0.name) })
        where FloatFormat(entry.elementType) == nil {
            let error = WeightError.notFloats(name: entry.name, found: entry.elementType)
            throw .unreadable(path: path, error)
        }
    }
}

extension VisionError {
    /// An error about weights without a config of ours.
    fileprivate init(_ error: LoadingError) {
        switch error {
        case .missing(let path, let name, _):
            self = .notVQGAN(path: path, problem: "the weight \"\(name)\" is missing")
        case .shape(let path, let name, let found, let expected):
            self = .notVQGAN(
                path: path,
                problem: "the weight \"\(name)\" has shape \(found); "
                    + "\(expected) is expected from the others"
            )
        case .unused(let path, let name, let count):
            self = .notVQGAN(
                path: path,
                problem: "unexpected weights such as \(name.quoted()) (\(count) in total)"
            )
        case .unreadable(let path, let error):
            self = .notVQGAN(path: path, problem: "\(error)")
        case .quantized(let path, _, _), .tooFewRows(let path, _, _), .sameName(let path, _, _):
            preconditionFailure("\(path) is not opened as a decoder")
        }
    }
}
