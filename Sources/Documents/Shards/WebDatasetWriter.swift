public import Basics
public import Foundation

/// Writes documents as a WebDataset tar archive, pictures as PNG.
///
/// The file gets its name in ``finish()``; without that call nothing is left behind. The same
/// documents give the same bytes.
public struct WebDatasetWriter: ~Copyable {
    private let archive: TarWriter
    private var count = 0

    /// Begins the archive at `url`.
    public init(to url: URL) throws(FileError) {
        archive = TarWriter(file: try AppendedFile(url.path))
    }

    /// Appends a document as a sample with the next key: text, or text and then one picture, as
    /// `.txt` and `.png`; anything else as `.json` with its pictures beside it.
    public mutating func write(_ document: Document) throws(FileError) {
        let digits = String(count)
        let key = String(repeating: "0", count: max(6 - digits.count, 0)) + digits
        count += 1
        for (suffix, bytes) in document.members {
            try archive.write(bytes, named: "\(key).\(suffix)")
        }
    }

    /// Brings the archive to the disk and gives it its name.
    public consuming func finish() throws(FileError) {
        try archive.finish()
        try archive.file.commit()
    }
}

extension Document {
    /// The members of the sample that holds the document, by suffix.
    fileprivate var members: [(suffix: String, bytes: [UInt8])] {
        captionMembers ?? interleavedMembers
    }

    /// `nil` unless the document is a text, a picture, or a text and then a picture.
    private var captionMembers: [(String, [UInt8])]? {
        guard segments.allSatisfy({ $0.speaker == nil }) else { return nil }
        let contents = segments.map(\.content)
        if contents.count == 1, case .text(let text) = contents[0] {
            return [("txt", Array(text.utf8))]
        }
        if contents.count == 1, case .picture(let picture) = contents[0] {
            return [("png", picture.png())]
        }
        if contents.count == 2, case .text(let text) = contents[0],
            case .picture(let picture) = contents[1]
        {
            return [("txt", Array(text.utf8)), ("png", picture.png())]
        }
        return nil
    }

    private var interleavedMembers: [(String, [UInt8])] {
        var pictures: [(String, [UInt8])] = []
        let parts = segments.map { segment -> JSON in
            var part: JSON.Object
            switch segment.content {
            case .text(let text): part = ["type": "text", "text": .string(text)]
            case .picture(let picture):
                let name = "\(pictures.count).png"
                pictures.append((name, picture.png()))
                part = ["type": "image", "image": .string(name)]
            }
            part["speaker"] = segment.speaker.map { .string($0.rawValue) }
            return .object(part)
        }
        let json: JSON = ["segments": .array(parts)]
        return [("json", Array(json.text().utf8))] + pictures
    }
}
