package import ArgumentParser
import Basics
import Foundation

extension ParsableCommand {
    /// Runs the command line and ends the process; a `UserError` ends it with one line and the
    /// error's exit code, and so does what a command finds wrong with its options when it runs.
    package static func runTool() async -> Never {
        do {
            if let line = unknownCommand(Array(CommandLine.arguments.dropFirst())) {
                end(line, exitCode: ExitCode.validationFailure.rawValue)
            }
            var command = try parseAsRoot()
            do {
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
            } catch let error as ValidationError {
                end(error.message, exitCode: ExitCode.validationFailure.rawValue)
            }
            // Without destructors: the engine's own must not race with those of a model's thread.
            fflush(nil)
            _exit(0)
        } catch {
            guard let error = UsersError(error) else { exit(withError: error) }
            end(error.line, exitCode: error.exitCode)
        }
    }

    private static func end(_ line: String, exitCode: Int32) -> Never {
        Console.report("error: \(line)")
        Foundation.exit(exitCode)
    }

    /// What is wrong with a name in the place of a command; the parser would complain about the first
    /// option after it.
    private static func unknownCommand(_ arguments: [String]) -> String? {
        var command: any ParsableCommand.Type = self
        var words: [String] = [_commandName]
        let isHelp = arguments.first == "help"
        for argument in isHelp ? Array(arguments.dropFirst()) : arguments {
            let commands = command.configuration.subcommands
            guard !commands.isEmpty, command.configuration.defaultSubcommand == nil,
                !argument.hasPrefix("-")
            else { return nil }
            guard let next = commands.first(where: { $0._commandName == argument }) else {
                let hint = argument.nearest(of: Set(commands.map { $0._commandName })).map {
                    "did you mean \($0)?"
                }
                return "\(words.joined(separator: " ")) has no command \(argument.quoted()); "
                    + (hint ?? "\(words.joined(separator: " ")) --help lists them")
            }
            words.append(argument)
            command = next
        }
        return nil
    }
}
