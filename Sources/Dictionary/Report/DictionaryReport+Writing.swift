public import Basics
internal import Documents
internal import Evaluating
internal import Foundation

extension DictionaryReport {
    /// Writes the folder `dictionary-<date>` into the folder `benchmarks`: `report.md`,
    /// `report.json`, a plot for each ablation, and for each model that draws what it has drawn.
    ///
    /// - Parameters:
    ///   - benchmarks: a folder that is there.
    ///   - date: the day as `2024-05-31`.
    ///   - replacing: whether a report of that day is replaced.
    /// - Returns: the path of the folder.
    /// - Throws: ``ReportError`` for a day that is none, and `FileError`.
    public func write(
        in benchmarks: String,
        date: String,
        replacing: Bool = false
    ) throws -> String {
        guard ReportError.isDate(date) else { throw ReportError.date(found: date) }
        let target = "\(benchmarks)/dictionary-\(date)"
        let folder = try OutputFolder(at: target, replacing: replacing)
        try AtomicFile.write(markdown(date: date), to: folder.file("report.md"))
        try AtomicFile.write(
            json(date: date).text(.indented) + "\n",
            to: folder.file("report.json")
        )
        for ablation in plan.ablations {
            try AtomicFile.write(plot(of: ablation).svg, to: folder.file(ablation.plotFile))
        }
        for entry in plan.models {
            guard let drawings = figures[entry.name]?.drawings else { continue }
            let sheet = ContactSheet(drawings: drawings, originals: originals)
            let path = folder.file(entry.sheetFile)
            try sheet.picture.png().withUnsafeBytes { try AtomicFile.write($0, to: path) }
            try AtomicFile.write(sheet.labels, to: folder.file("drawn-\(entry.name).txt"))
        }
        try folder.commit()
        return target
    }
}

extension ReportPlan.Ablation {
    /// The name of the plot.
    var plotFile: String { variable.rawValue.replacing("_", with: "-") + ".svg" }
}

extension ReportPlan.Entry {
    /// The name of the sheet of drawn pictures.
    var sheetFile: String { "drawn-\(name).png" }
}

/// Why a report cannot be written.
public enum ReportError: UserError, Equatable {
    /// A day that is none.
    case date(found: String)

    /// The command line was wrong.
    public var exitCode: ExitCode { .usage }

    /// What was found and what was expected.
    public var description: String {
        switch self {
        case .date(let found): "--date \(found): a day such as 2024-05-31 is expected"
        }
    }

    /// Whether a text is written as a day.
    static func isDate(_ text: String) -> Bool {
        guard text.wholeMatch(of: /[0-9]{4}-([0-9]{2})-([0-9]{2})/) != nil else { return false }
        let numbers = text.split(separator: "-").compactMap { Int($0) }
        return (1...12).contains(numbers[1]) && (1...31).contains(numbers[2])
    }
}
