import ArgumentParser
import PictureDictionary

/// Where the drawings beside the emoji are.
struct DrawingOptions: ParsableArguments {
    @Option(help: "The folder of Open Clip Art's PNG files.")
    var clipArt = "/usr/share/openclipart/png"

    @Option(help: "The folder of the list that says what the drawings show.")
    var names = "Examples/PictureDictionary/Names"

    var sources: DrawingSources {
        DrawingSources(clipArt: clipArt, names: names)
    }
}
