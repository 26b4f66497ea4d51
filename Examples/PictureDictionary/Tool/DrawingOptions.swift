import ArgumentParser
import PictureDictionary

/// Where the drawings beside the emoji are.
struct DrawingOptions: ParsableArguments {
    @Option(help: "The folder of Open Clip Art's PNG files.")
    var clipArt = "/usr/share/openclipart/png"

    @Option(help: "The folder of Tux Paint's stamps.")
    var stamps = "/usr/share/tuxpaint/stamps"

    @Option(help: "The folder of the lists that say what the drawings show.")
    var names = "Examples/PictureDictionary/Names"

    var sources: DrawingSources {
        DrawingSources(clipArt: clipArt, stamps: stamps, names: names)
    }
}
