internal import Basics
internal import Checkpoints
internal import Foundation
internal import Layers

/// The weights of a ``VQGAN`` as others store them, checked and ready to be written as a folder.
///
/// A source is a file of taming-transformers or of Chameleon, safetensors or a checkpoint of
/// `torch.save`, or a Hugging Face folder of Chameleon, whole or of its image tokenizer alone.
package struct VQGANImport {
    /// The sizes.
    package let config: VQGANConfig
    /// How many weights the folder gets.
    package var weightCount: Int { specs.count }
    /// How many weights of the training loss are left out.
    package let lossCount: Int
    private let weights: PrefixedWeights
    private let specs: [ParameterSpec]

    /// Opens a source and compares its weights with those of the network.
    ///
    /// - Parameters:
    ///   - source: a file or folder.
    ///   - imageSize: pixels on each side of an image; `nil` is what the folder's config says.
    /// - Throws: what is wrong with the source; ``VisionError`` where it is no VQGAN, or where the
    ///   image size is needed and not given.
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
            try weights.check(specs) { Self.isLeftOut($0, hasDecoder: config.hasDecoder) }
            try weights.checkFloats(specs)
        } catch {
            throw VisionError(error)
        }
        self.weights = weights
        self.config = config
        self.specs = specs
        lossCount = weights.names.count(where: Self.isLoss)
    }

    /// Writes the folder, `config.json` and `model.safetensors`, whole or not at all; weights keep
    /// the type that they have.
    ///
    /// - Throws: `FileError` for a folder that is there, a full disk and the like.
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

    /// The image size of Chameleon's config, or of its image tokenizer's alone; 512, as there, where
    /// it is not stated.
    private static func resolution(_ reader: JSONReader) throws(JSONFieldError) -> Int? {
        switch try reader.string("model_type", default: "") {
        case "chameleon":
            guard reader.has("vq_config") else { return 512 }
            return try reader.nested("vq_config").integer("resolution", default: 512)
        case "chameleon_vqgan": return try reader.integer("resolution", default: 512)
        default: return nil
        }
    }

    /// Whether a weight belongs to the loss of training: the discriminator and the perceptual
    /// network.
    private static func isLoss(_ name: String) -> Bool { name.hasPrefix("loss.") }

    /// Whether a weight is left out on purpose: also the convolution before a decoder that is not
    /// there.
    private static func isLeftOut(_ name: String, hasDecoder: Bool) -> Bool {
        isLoss(name) || !hasDecoder && name.hasPrefix("post_quant_conv.")
    }
}

extension WeightSource {
    /// Makes sure that the weights are stored as floats, not in 8 bits.
    fileprivate func checkFloats(_ specs: [ParameterSpec]) throws(LoadingError) {
        for case let entry? in specs.map({ entry($0.name) })
        where FloatFormat(entry.elementType) == nil {
            let error = WeightError.notFloats(name: entry.name, found: entry.elementType)
            throw .unreadable(path: path, error)
        }
    }
}

extension VisionError {
    /// What is wrong with the weights of a source that has no config of ours.
    fileprivate init(_ error: LoadingError) {
        switch error {
        case .missing(let path, let name, _):
            self = .notVQGAN(path: path, problem: "the weight \"\(name)\" is missing")
        case .shape(let path, let name, let found, let expected):
            self = .notVQGAN(
                path: path,
                problem: "the weight \"\(name)\" has shape \(found); "
                    + "the others call for \(expected)"
            )
        case .unused(let path, let name, let count):
            self = .notVQGAN(
                path: path,
                problem: "\(count) of the weights belong to no part of it, such as \(name.quoted())"
            )
        case .unreadable(let path, let error):
            self = .notVQGAN(path: path, problem: "\(error)")
        case .tooFewRows(let path, _, _):
            preconditionFailure("\(path) has no tokenizer")
        }
    }
}
