package import Basics
package import Foundation

/// Writes documents as a WebDataset tar archive, images as PNG; always the same bytes for the same
/// documents.
///
/// The file appears at its path in ``finish()``; without that call nothing is left behind.
package struct WebDatasetWriter: ~Copyable {
    private let archive: TarWriter
    private var count = 0

    package init(to url: URL) throws(FileError) {
        archive = TarWriter(file: try AppendedFile(url.path))
    }

    /// Appends a document as the next sample: text, an image, or text and then an image as `.txt`
    /// and `.png`; anything else as `.json` with its images beside it.
    ///
    /// - Parameters:
    ///   - document: the document.
    ///   - others: members beside it that no reader of documents reads, by their suffix.
    /// - Throws: what is wrong with the disk.
    package mutating func write(
        _ document: Document,
        beside others: [(suffix: String, bytes: [UInt8])] = []
    ) throws(FileError) {
        try write(document.members + others)
    }

    /// Appends a sample of members, each with its suffix.
    mutating func write(_ members: [(suffix: String, bytes: [UInt8])]) throws(FileError) {
        let digits = String(count)
        let key = String(repeating: "0", count: max(6 - digits.count, 0)) + digits
        count += 1
        for (suffix, bytes) in members {
            try archive.write(bytes, named: "\(key).\(suffix)")
        }
    }

    /// Flushes the archive to disk and puts it at its path.
    package consuming func finish() throws(FileError) {
        try archive.finish()
        try archive.file.commit()
    }
}

extension Document {
    fileprivate var members: [(suffix: String, bytes: [UInt8])] {
        captionMembers ?? interleavedMembers
    }

    /// For a text, an image, or a text and then an image; otherwise `nil`.
    private var captionMembers: [(String, [UInt8])]? {
        guard segments.allSatisfy({ $0.role == nil && $0.altText == nil }) else { return nil }
        let contents = segments.map(\.content)
        if contents.count == 1, case .text(let text) = contents[0] {
            return [("txt", Array(text.utf8))]
        }
        if contents.count == 1, case .image(let image) = contents[0] {
            return [("png", image.png())]
        }
        if contents.count == 2, case .text(let text) = contents[0],
            case .image(let image) = contents[1]
        {
            return [("txt", Array(text.utf8)), ("png", image.png())]
        }
        return nil
    }

    private var interleavedMembers: [(String, [UInt8])] {
        var images: [(String, [UInt8])] = []
        let parts = segments.map { segment -> JSON in
            .object(
                segment.json { image in
                    let name = "\(images.count).png"
                    images.append((name, image.png()))
                    return ("image", name)
                }
            )
        }
        let json: JSON = ["segments": .array(parts)]
        return [("json", Array(json.text().utf8))] + images
    }
}
