/// What a terminal or file can show.
package struct TerminalCapabilities: Sendable, Equatable {
    package enum Images: Sendable, Equatable {
        /// Pixels, by the kitty graphics protocol.
        case kitty
        /// Colored half blocks, two pixels a character.
        case halfBlocks
        /// A note in words.
        case words
    }

    package var images: Images
    /// The characters per line.
    package var columns: Int

    package init(images: Images, columns: Int = 80) {
        precondition(columns > 0, "a line has at least one character")
        self.images = images
        self.columns = columns
    }

    /// Detects the capabilities: words if it is not a terminal, under `NO_COLOR` or on a `dumb`
    /// one; kitty graphics if the terminal is known to support them; otherwise half blocks.
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
