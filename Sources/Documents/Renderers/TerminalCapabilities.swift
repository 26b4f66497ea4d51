/// What the place that text is written to can show.
package struct TerminalCapabilities: Sendable, Equatable {
    /// How images appear.
    package enum Images: Sendable, Equatable {
        /// As pixels, through the kitty graphics protocol.
        case kitty
        /// As coloured half blocks, two pixels a character.
        case halfBlocks
        /// As words that say there is one.
        case words
    }

    /// How images appear.
    package var images: Images
    /// The characters of a line.
    package var columns: Int

    /// States the capabilities.
    package init(images: Images, columns: Int = 80) {
        precondition(columns > 0, "a line has at least one character")
        self.images = images
        self.columns = columns
    }

    /// Tells the capabilities from the environment: words when not a terminal, under `NO_COLOR` or
    /// on a `dumb` one; kitty graphics where the terminal is known for them; else half blocks.
    package static func detect(
        environment: [String: String],
        isTerminal: Bool,
        columns: Int? = nil
    ) -> TerminalCapabilities {
        let stated = environment["COLUMNS"].flatMap { Int($0) }
        let width = [columns, stated].compactMap { $0 }.first { $0 > 0 } ?? 80
        return TerminalCapabilities(
            images: isTerminal ? images(environment) : .words,
            columns: width
        )
    }

    private static func images(_ environment: [String: String]) -> Images {
        let terminal = environment["TERM"] ?? ""
        if !(environment["NO_COLOR"] ?? "").isEmpty || terminal == "dumb" { return .words }
        // A multiplexer would swallow the graphics commands.
        let isMultiplexed =
            environment["TMUX"] != nil || terminal.hasPrefix("screen") || terminal.hasPrefix("tmux")
        let program = environment["TERM_PROGRAM"] ?? ""
        let knowsKitty =
            environment["KITTY_WINDOW_ID"] != nil || terminal == "xterm-kitty"
            || terminal == "xterm-ghostty" || ["ghostty", "WezTerm"].contains(program)
        return knowsKitty && !isMultiplexed ? .kitty : .halfBlocks
    }
}
