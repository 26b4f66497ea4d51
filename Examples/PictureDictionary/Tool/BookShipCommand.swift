import ArgumentParser
import PictureDictionary
import ToolSupport

struct BookShipCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "book-ship",
        abstract: "Writes a trained image parent in 8 bits, as it ships.",
        discussion: """
            EXAMPLE
              picture-dictionary book-ship runs/book/image/model --output models/book/image
            """
    )

    @Argument(help: "The image parent's folder.")
    var model: String

    @Option(help: "The folder to write.")
    var output: String

    @Option(help: "The image tokenizer to link to, with which the image parent was trained.")
    var imageTokenizer = "models/dictionary/image_tokenizer"

    func run() throws {
        try ShippedModel.write(model, to: output)
        try ShippedModel.link(output, toImageTokenizer: imageTokenizer)
        Console.report("wrote \(output); next: jam inspect \(output)")
    }
}
