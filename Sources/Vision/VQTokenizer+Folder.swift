internal import Basics
internal import Checkpoints

/// Opens the folder of a ``ConvVQTokenizer`` or a ``VQGAN``; strict about its config and weights.
package func openImageTokenizer(_ path: String) throws -> any VQTokenizer {
    let folder = try CheckpointFolder(path)
    let reader = try folder.configReader()
    let known = [ConvVQConfig.modelType, VQGANConfig.modelType]
    switch try reader.string("model_type") {
    case ConvVQConfig.modelType: return try ConvVQTokenizer.open(folder)
    case VQGANConfig.modelType: return try VQGAN.open(folder)
    case let type:
        let list = known.map { $0.quoted() }.joined(separator: ", ")
        throw reader.failure("model_type", "\(type.quoted()) is not known; known are \(list)")
    }
}
