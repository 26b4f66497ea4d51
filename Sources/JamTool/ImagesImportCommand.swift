import ArgumentParser
import Basics
import Vision

struct ImagesImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Makes an image tokenizer folder of the weights of a VQGAN or of Chameleon."
    )

    @Argument(
        help: """
            A safetensors file, a PyTorch checkpoint (.ckpt, .pt), or a Hugging Face folder of \
            Chameleon.
            """
    )
    var source: String

    @Option(help: "The folder to write.")
    var output: String

    @Option(help: "Pixels on each side of an image, whatever a config of the source says.")
    var size: Int?

    func run() throws {
        let source = try imported()
        try source.write(to: output)
        let config = source.config
        let pixels = "\(config.imageSize) × \(config.imageSize) pixels"
        let codes = "\(config.gridSize) × \(config.gridSize) of \(config.codeCount) codes"
        Console.report("wrote \(output): \(source.weightCount) weights; \(pixels) are \(codes)")
        if source.lossCount > 0 {
            Console.report("left out: \(source.lossCount) weights of the training loss")
        }
        if !config.hasDecoder {
            Console.report("there is no decoder: it encodes images, but cannot draw them")
        }
    }

    private func imported() throws -> VQGANImport {
        do {
            return try VQGANImport(source, imageSize: size)
        } catch let error as VisionError where error == .noImageSize(source) {
            throw MissingSize(source: source)
        }
    }
}

private struct MissingSize: UserError {
    let source: String

    var kind: ErrorKind { .invalidSetting }
    var description: String {
        "\(source): the weights do not determine the image size; add it, as in --size 256"
    }
}
