package import Basics
internal import Documents
internal import Evaluating
internal import Foundation

extension DictionaryReport {
    /// Begins the folder `<name>-<date>` in the folder `benchmarks`, which is made if it is not
    /// there: at best before a long measuring.
    ///
    /// - Parameters:
    ///   - benchmarks: the folder of all reports.
    ///   - name: what the report is about.
    ///   - date: the day as `2024-05-31`.
    ///   - replacing: whether a report of that day is replaced.
    /// - Returns: the folder, which appears when the report is written.
    /// - Throws: ``ReportError`` for a day that is none, and `FileError`.
    package static func folder(
        in benchmarks: String,
        named name: String = "dictionary",
        date: String,
        replacing: Bool = false
    ) throws -> OutputFolder {
        try check(date: date)
        try makeFolder(benchmarks)
        return try OutputFolder(at: "\(benchmarks)/\(name)-\(date)", replacing: replacing)
    }

    /// Writes `report.md`, `report.json`, a plot for each ablation, and a sheet of what the models
    /// have drawn.
    ///
    /// - Returns: the path of the folder.
    package func write(to folder: consuming OutputFolder, date: String) throws -> String {
        let target = folder.target
        try AtomicFile.write(markdown(date: date), to: folder.file("report.md"))
        try AtomicFile.write(
            json(date: date).text(.indented) + "\n",
            to: folder.file("report.json")
        )
        for ablation in plan.ablations {
            try AtomicFile.write(plot(of: ablation).svg, to: folder.file(ablation.plotFile))
        }
        if let sheet = ContactSheet(self) {
            try sheet.image.png().withUnsafeBytes {
                try AtomicFile.write($0, to: folder.file(ContactSheet.file))
            }
        }
        try folder.commit()
        return target
    }

    private static func check(date: String) throws(ReportError) {
        let isWritten = date.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil
        let numbers = date.split(separator: "-").compactMap { Int($0) }
        guard isWritten,
            DateComponents(
                calendar: Calendar(identifier: .gregorian),
                year: numbers[0],
                month: numbers[1],
                day: numbers[2]
            ).isValidDate
        else { throw .date(found: date) }
    }
}

extension ReportPlan.Ablation {
    /// The name of the plot.
    var plotFile: String { variable.rawValue.replacing("_", with: "-") + ".svg" }
}

/// Why a report cannot be written.
package enum ReportError: UserError, Equatable {
    /// A day that is none.
    case date(found: String)

    package var kind: ErrorKind { .invalidSetting }

    /// What was found and what was expected.
    package var description: String {
        switch self {
        case .date(let found): "--date \(found): a day such as 2024-05-31 is expected"
        }
    }
}
