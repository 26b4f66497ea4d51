package import Basics
import Documents

/// The content of a report's folder.
package struct ReportFiles {
    let markdown: String
    let json: JSON
    /// SVG plots by their file names.
    var plots: [String: String] = [:]
    let sheet: ContactSheet?

    /// Writes the files and commits the folder.
    ///
    /// - Returns: the path of the folder.
    package func write(to folder: consuming OutputFolder) throws -> String {
        let target = folder.target
        try folder.write(markdown, to: "report.md")
        try folder.write(json.text(.indented) + "\n", to: "report.json")
        for (name, plot) in plots { try folder.write(plot, to: name) }
        if let sheet { try AtomicFile.write(sheet.image.png(), to: folder.file(ContactSheet.file)) }
        try folder.commit()
        return target
    }
}
