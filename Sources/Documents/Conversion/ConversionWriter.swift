package import Basics
import Foundation

/// Writes imported documents as an archive or as JSON Lines, by the name of the output.
final class ConversionWriter {
    private var archive: WebDatasetWriter?
    private var lines: JSONLinesWriter?
    private let folder: String

    init(to output: URL) throws {
        folder = output.deletingLastPathComponent().path
        if output.pathExtension == "tar" {
            archive = try WebDatasetWriter(to: output)
        } else {
            lines = try JSONLinesWriter(to: output)
        }
    }

    /// Appends a document whose images are files in `images`.
    ///
    /// - Throws: ``ShardError`` of scope `document` for an image that is missing or none.
    func write(_ document: ImportedDocument, images: ImageFiles) throws {
        if lines != nil {
            try lines?.write(
                document.json { image throws in
                    switch image {
                    case .bytes(let bytes):
                        let format = try images.format(of: bytes, name: "an image")
                        return ("url", DataURL.url(of: bytes, mediaType: format.mediaType))
                    case .file(let name):
                        _ = try images.contents(of: name)
                        let path = RelativePath.of(images.path(of: name), from: folder)
                        guard RelativePath.isInside(path) else { throw OutsideImages(path: path) }
                        return ("path", path)
                    }
                }
            )
            return
        }
        var members: [(suffix: String, bytes: [UInt8])] = []
        let json = try document.json { image throws in
            let bytes =
                switch image {
                case .bytes(let bytes): bytes
                case .file(let name): try images.contents(of: name)
                }
            let format = try images.format(of: bytes, name: "an image")
            let name = "\(members.count).\(format.suffix)"
            members.append((name, bytes))
            return ("image", name)
        }
        members.insert(("json", Array(json.text().utf8)), at: 0)
        try archive?.write(members)
    }

    /// Puts the shard at its path.
    func finish() throws {
        if let archive = archive.take() { try archive.finish() }
        if let lines = lines.take() { try lines.finish() }
    }
}

/// The image files that records name.
struct ImageFiles {
    let folder: URL
    /// The place of the record, for messages.
    let place: String
    private let limits = ImageLimits()

    init(folder: URL, place: String) {
        self.folder = folder
        self.place = place
    }

    func path(of name: String) -> String { folder.appending(path: name).path }

    /// The bytes of an image file of the folder.
    func contents(of name: String) throws -> [UInt8] {
        guard RelativePath.isInside(name) else {
            throw failure("\"\(name)\" leads out of the folder of images; name a file inside it")
        }
        do {
            let source = try EncodedImage(contentsOf: folder.appending(path: name), limits: limits)
            _ = try format(of: source.bytes, name: name)
            return source.bytes
        } catch FileError.missing {
            throw failure("there is no image \"\(name)\" in \(folder.relativePath)", .notFound)
        } catch let error as FileError {
            throw failure(error.description, error.kind)
        } catch let error as ImageError {
            throw ShardError(place: place, problem: error.description, scope: .document)
        }
    }

    /// The format that bytes begin with.
    func format(of bytes: [UInt8], name: String) throws(ShardError) -> ImageFormat {
        guard let format = ImageFormat(sniffing: bytes) else {
            let error = ImageError.notAnImage(name: name, found: ImageFormat.guess(bytes))
            throw failure(error.description)
        }
        return format
    }

    private func failure(_ problem: String, _ kind: ErrorKind = .malformedInput) -> ShardError {
        ShardError(place: place, problem: problem, scope: .document, kind: kind)
    }
}

/// JSON Lines can only name images in their folder and below it.
package struct OutsideImages: UserError, Equatable {
    let path: String

    package var kind: ErrorKind { .invalidSetting }
    package var description: String {
        "the images are not below the folder of the output, but at \(path); "
            + "write the .jsonl into a folder above them, or a .tar"
    }
}
