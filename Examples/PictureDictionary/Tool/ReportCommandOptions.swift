import ArgumentParser
import Basics
import Foundation

/// The options of both reports.
struct ReportCommandOptions: ParsableArguments {
    @Option(help: "The folder to write the report's folder, NAME-DATE, into.")
    var output = "benchmarks"

    @Option(help: "The day of the report, as 2024-05-31.")
    var date: String

    @Option(help: "Measure at most so many of the held-out concepts.")
    var limit: Int?

    @Option(help: "The seed of the images.")
    var seed: UInt64 = 0

    @Flag(help: "Replace a report of the same day.")
    var replace = false

    func validate() throws {
        if let limit, limit < 1 {
            throw ValidationError("--limit is \(limit); at least 1 is expected")
        }
        let fields = date.split(separator: "-").compactMap { Int($0) }
        guard date.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil,
            DateComponents(
                calendar: Calendar(identifier: .gregorian),
                year: fields[0],
                month: fields[1],
                day: fields[2]
            ).isValidDate
        else {
            throw ValidationError("--date is \(date); a day such as 2024-05-31 is expected")
        }
    }

    /// Begins the report's folder, before the work.
    func folder(named name: String) throws -> OutputFolder {
        try makeFolder(output)
        return try OutputFolder(at: "\(output)/\(name)-\(date)", replacing: replace)
    }
}
