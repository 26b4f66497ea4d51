package import Basics
package import Foundation

/// Converts files of other programs into a shard that jam reads.
///
/// Images stay as they are: an archive gets the bytes of their files, JSON Lines name the files.
package struct DataConversion: Sendable {
    /// The shard to write.
    private let output: URL
    /// The folder that names of images start from; `nil` for the folder of each file.
    private let images: URL?
    private let limit: BadDocumentLimit

    /// What was read and written.
    package struct Report: Sendable, Equatable {
        package fileprivate(set) var documents = 0
        package fileprivate(set) var images = 0
        package fileprivate(set) var bad = 0
        /// How many records each format had, and the members that they were made of.
        package fileprivate(set) var formats: [(name: String, count: Int)] = []
        /// Members that nothing was made of, and how many records have them.
        package fileprivate(set) var leftAlone: [(name: String, count: Int)] = []

        package static func == (left: Report, right: Report) -> Bool {
            (left.documents, left.images, left.bad) == (right.documents, right.images, right.bad)
                && left.formats.elementsEqual(right.formats, by: ==)
                && left.leftAlone.elementsEqual(right.leftAlone, by: ==)
        }
    }

    /// - Parameters:
    ///   - output: `FILE.tar`, or `FILE.jsonl` in a folder above the images.
    ///   - images: the folder that names of images start from; `nil` for the folder of each file.
    ///   - limit: how many bad records are passed over.
    package init(to output: URL, images: URL?, limit: BadDocumentLimit) {
        self.output = output
        self.images = images
        self.limit = limit
    }

    /// Converts files one after the other.
    ///
    /// - Parameters:
    ///   - files: JSON arrays or JSON Lines, plain or compressed.
    ///   - onDocument: takes the number of documents after each.
    ///   - onRemark: takes a sentence about each bad record.
    /// - Returns: what was read and written.
    /// - Throws: ``ShardError``, ``BadDocumentsError``, `FileError`; nothing is written then.
    package func convert(
        _ files: [String],
        onDocument: (Int) -> Void = { _ in },
        onRemark: (String) -> Void
    ) throws -> Report {
        var report = Report()
        let writer = try ConversionWriter(to: output)
        for file in files {
            let url = URL(filePath: file)
            let folder = images ?? url.deletingLastPathComponent()
            let records = try JSONRecords(url)
            while true {
                do {
                    guard let record = try records.next() else { break }
                    try convert(record, records.place, folder, writer, &report)
                    onDocument(report.documents)
                } catch let error as ShardError where error.scope == .document {
                    try limit.pass(over: error, after: report.bad)
                    report.bad += 1
                    onRemark("passed over: \(error)")
                }
            }
        }
        try limit.check(bad: report.bad, of: report.bad + report.documents)
        guard report.documents > 0 else { throw EmptyConversion(files: files) }
        try writer.finish()
        return report
    }

    private func convert(
        _ record: JSON,
        _ place: String,
        _ folder: URL,
        _ writer: ConversionWriter,
        _ report: inout Report
    ) throws {
        let converter: RecordConverter
        let (format, members, document): (ForeignFormat, [String], ImportedDocument)
        do {
            converter = try RecordConverter(record, place: place)
            (format, members, document) = try converter.document()
        } catch let error as JSONFieldError {
            throw ShardError(error)
        }
        try writer.write(document, images: ImageFiles(folder: folder, place: place))
        report.documents += 1
        report.images += document.images.count
        report.formats.count("\(format.rawValue) (\(members.joined(separator: ", ")))")
        for name in converter.leftAlone(beside: members) { report.leftAlone.count(name) }
    }
}

extension [(name: String, count: Int)] {
    /// Counts a name once more; names are few.
    fileprivate mutating func count(_ name: String) {
        if let place = firstIndex(where: { $0.name == name }) {
            self[place].count += 1
        } else {
            append((name, 1))
        }
    }
}

/// Files in which no record could be converted.
package struct EmptyConversion: UserError, Equatable {
    let files: [String]

    package var kind: ErrorKind { .malformedInput }
    package var description: String {
        "\(files.joined(separator: ", ")): there is no document to write"
    }
}
