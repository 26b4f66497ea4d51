public import ArgumentParser
public import Jam

extension FuseCommand {
    struct Cross: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Joins two parents by cross-attention layers, called bridges (JAM-Cross).",
            discussion: """
                The paper states bridges in both directions, shared embeddings and output layer, and \
                a linear layer that joins the towers. How bridges, their norms and that layer begin \
                it does not say: copies of the layer's attention and norm, and the mean of the towers, \
                are our reading. Towers of unlike widths, bridges of one direction or at two \
                intervals, --start preserving and the options for what towers read are ours.

                --keep-text is for a text LLM that shall stay as good as it is: with its tower frozen \
                in training (lr_multipliers: {towers.text: 0}), the logits of text where no image \
                precedes are its own, bit for bit. It needs --vocabulary union, and means \
                --text-reads own --text-attends foreign --text-head seeing, each of which can be set \
                otherwise.

                EXAMPLE
                  jam fuse cross --text llm.gguf --image models/dictionary/image \\
                    --vocabulary union --keep-text --output fused
                """
        )

        @OptionGroup var shared: Shared

        @Option(help: "Add a bridge after every this many layers of the deeper tower.")
        var every = 2

        @Option(help: "The same into the text tower alone; 0 for none.")
        var everyToText: Int?

        @Option(help: "The same into the image tower alone; 0 for none.")
        var everyToImage: Int?

        @Option(help: "both, to-text or to-image. (default: both)")
        var direction: Fusion.Direction?

        @Option(
            help: "paper: shared embeddings and head; preserving: the parents' logits at step 0."
        )
        var start: Start = .preserving

        @Option(
            help:
                "A token that neither parent was trained on; embeddings equal to its own start at zero."
        )
        var untrained: String?

        @Flag(
            help:
                "Keep what the text parent says to texts: --text-reads own --text-attends foreign --text-head seeing."
        )
        var keepText = false

        @Option(
            help:
                "all, or own: the text tower passes over image tokens, and counts no positions there."
        )
        var textReads: Fusion.Reads?

        @Option(help: "all, or own: the image tower passes over text.")
        var imageReads: Fusion.Reads?

        @Option(help: "all, or foreign: bridges into the text tower attend to image codes only.")
        var textAttends: Fusion.Attends?

        @Option(help: "all, or foreign: bridges into the image tower attend to text only.")
        var imageAttends: Fusion.Attends?

        @Option(
            help: """
                all, or drawn: bridges into the image tower write only from the beginning of an image's \
                alternative text, which the model writes before it draws, until text follows the image.
                """
        )
        var imageWrites: Fusion.Writes = .all

        @Option(help: "none, scalar or vector: bridges behind the tanh of weights, zero at first.")
        var gate: Fusion.Gate = .none

        @Option(
            help: ArgumentHelp(
                """
                both: both towers predict text; own: the text tower alone; seeing: as own, but in \
                alternative texts the sum of both towers' predictions of words, and after an image \
                without one, such as a user's, a sum with learned weights, which begin as 1 and 0.
                """
            )
        )
        var textHead: Fusion.TextHead?

        enum Start: String, CaseIterable, ExpressibleByArgument {
            case paper, preserving
        }

        func validate() throws {
            guard start == .preserving || untrained == nil else {
                throw ValidationError("--untrained goes with --start preserving")
            }
            guard every >= 1 else {
                throw ValidationError("--every is \(every); 1 or more is expected")
            }
            for (flag, value) in [("text", everyToText), ("image", everyToImage)] {
                guard let value else { continue }
                guard value >= 0 else {
                    throw ValidationError("--every-to-\(flag) is \(value); 0 or more is expected")
                }
                guard direction == nil else {
                    throw ValidationError("--every-to-\(flag) and --direction exclude each other")
                }
            }
            let joinsHead = (textHead ?? usual.textHead) != .own
            guard everyToText != 0 || everyToImage != 0 || joinsHead else {
                throw ValidationError(
                    "with --text-head own and without bridges into either tower nothing joins them"
                )
            }
        }

        func run() async throws {
            try await shared.fuse(.cross(options))
        }

        /// What is not asked for otherwise.
        private var usual: Fusion.CrossOptions {
            keepText ? .keepingText() : Fusion.CrossOptions()
        }

        private var options: Fusion.CrossOptions {
            var options = Fusion.CrossOptions(
                every: every,
                direction: direction ?? .both,
                start: start == .paper ? .paper : .preserving(untrained: untrained)
            )
            if let everyToText { options.intoTextEvery = everyToText > 0 ? everyToText : nil }
            if let everyToImage { options.intoImageEvery = everyToImage > 0 ? everyToImage : nil }
            options.textReads = textReads ?? usual.textReads
            options.imageReads = imageReads ?? usual.imageReads
            options.textAttends = textAttends ?? usual.textAttends
            options.imageAttends = imageAttends ?? usual.imageAttends
            options.imageWrites = imageWrites
            options.gate = gate
            options.textHead = textHead ?? usual.textHead
            return options
        }
    }
}

extension Fusion.Direction: ExpressibleByArgument {}
extension Fusion.Reads: ExpressibleByArgument {}
extension Fusion.Attends: ExpressibleByArgument {}
extension Fusion.Writes: ExpressibleByArgument {}
extension Fusion.Gate: ExpressibleByArgument {}
extension Fusion.TextHead: ExpressibleByArgument {}
