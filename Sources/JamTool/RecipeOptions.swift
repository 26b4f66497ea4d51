import ArgumentParser

/// What every training is told.
struct RecipeOptions: ParsableArguments {
    @Argument(help: "A recipe: a YAML file.")
    var recipe: String

    @Option(help: "Change the recipe, as schedule.learning_rate=3e-4; may be repeated.")
    var set: [String] = []

    @Flag(help: "Go on from the newest saved step.")
    var resume = false
}
