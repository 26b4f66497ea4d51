package import ArgumentParser

/// What a terminal or file can show.
package struct TerminalCapabilities: Sendable, Equatable {
    /// How images are shown; the raw value is what a user calls it.
    package enum Images: String, Sendable, Equatable, CaseIterable {
        /// Pixels, by the kitty graphics protocol.
        case kitty
        /// Pixels, by iTerm2's inline images.
        case iTerm = "iterm"
        /// Pixels of at most 256 colors, by DEC's sixel graphics.
        case sixel
        /// Colored half blocks, two pixels a character.
        case halfBlocks = "blocks"
        /// A note in words.
        case words = "none"
    }

    package var images: Images
    /// The characters per line.
    package var columns: Int

    package init(images: Images, columns: Int = 80) {
        precondition(columns > 0, "a line has at least one character")
        self.images = images
        self.columns = columns
    }

    /// Detects the capabilities.
    ///
    /// Words if it is not a terminal; what `JAM_IMAGES` says; words under `NO_COLOR` or on a `dumb`
    /// terminal; what the terminal is known to show; sixel graphics if `saysSixel`, which asks it
    /// where nothing else is known; otherwise half blocks. Throws a `ValidationError` if `JAM_IMAGES`
    /// is none of ``Images``.
    package static func detect(
        environment: [String: String],
        isTerminal: Bool,
        columns: Int? = nil,
        saysSixel: () -> Bool = { false }
    ) throws(ValidationError) -> TerminalCapabilities {
        let stated = environment["COLUMNS"].flatMap { Int($0) }
        let width = [columns, stated].compactMap { $0 }.first { $0 > 0 } ?? 80
        guard isTerminal else { return TerminalCapabilities(images: .words, columns: width) }
        let images = try chosen(environment) ?? known(environment)
        return TerminalCapabilities(
            images: images ?? (saysSixel() ? .sixel : .halfBlocks),
            columns: width
        )
    }

    /// What the user has chosen.
    private static func chosen(_ environment: [String: String]) throws(ValidationError) -> Images? {
        guard let name = environment["JAM_IMAGES"], !name.isEmpty else { return nil }
        guard let images = Images(rawValue: name) else {
            let names = Images.allCases.map(\.rawValue)
            throw ValidationError(
                "the environment's JAM_IMAGES is \(name); "
                    + "\(names.dropLast().joined(separator: ", ")) or \(names.last ?? "") is expected"
            )
        }
        return images
    }

    /// What terminals of a name are known to show.
    private static func known(_ environment: [String: String]) -> Images? {
        let terminal = environment["TERM"] ?? ""
        if !(environment["NO_COLOR"] ?? "").isEmpty || terminal == "dumb" { return .words }
        // A multiplexer swallows the commands of the terminal around it.
        let isMultiplexed =
            environment["TMUX"] != nil || terminal.hasPrefix("screen") || terminal.hasPrefix("tmux")
        if isMultiplexed { return nil }
        let program = environment["TERM_PROGRAM"] ?? ""
        if environment["KITTY_WINDOW_ID"] != nil || program == "ghostty"
            || ["xterm-kitty", "xterm-ghostty"].contains(terminal)
        {
            return .kitty
        }
        // Konsole shows images since 22.04.
        let konsole = environment["KONSOLE_VERSION"].flatMap { Int($0) } ?? 0
        if ["iTerm.app", "WezTerm", "mintty"].contains(program)
            || environment["LC_TERMINAL"] == "iTerm2" || konsole >= 220_400
        {
            return .iTerm
        }
        return ["foot", "mlterm", "contour"].contains { terminal.hasPrefix($0) } ? .sixel : nil
    }
}
