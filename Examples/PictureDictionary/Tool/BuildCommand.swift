import ArgumentParser
import Basics
import PictureDictionary
import ToolSupport

struct BuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Builds the training data from the emoji font, the CLDR and WordNet."
    )

    @Option(help: "The folder to write.")
    var output: String

    @Option(help: "The random seed.")
    var seed: UInt64 = 0

    @Option(help: "Captioned images per concept.")
    var images = 40

    @Option(help: "The number of conversations.")
    var conversations = 20_000

    @Flag(help: "Leave images of held-out concepts out of the captioned images.")
    var withoutHeldOut = false

    func validate() throws {
        guard images > 0, conversations > 0 else {
            throw ValidationError("--images and --conversations are at least 1")
        }
    }

    func run() throws {
        // Started first, so that a bad path costs no time.
        let folder = try OutputFolder(at: output)
        let data = try DictionaryData(
            seed: seed,
            imagesPerConcept: images,
            conversationCount: conversations,
            captionsHeldOut: !withoutHeldOut
        )
        try data.write(into: folder, onProgress: ProgressBar.handler())
        let heldOut = data.concepts.count { $0.split == .heldOut }
        Console.report(
            "wrote \(output): \(data.concepts.count) concepts, \(heldOut) of them held out; "
                + "next: jam data show \(output)/conversations.tar"
        )
    }
}
