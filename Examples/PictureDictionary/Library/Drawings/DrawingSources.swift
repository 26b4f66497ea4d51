internal import Basics
internal import Documents
internal import Foundation
internal import Synchronization

/// Drawings beside the emoji: clip art that a Debian package installs, and the list that says what it
/// shows.
package struct DrawingSources: Sendable {
    private let clipArt: String
    private let names: String

    /// - Parameters:
    ///   - clipArt: the folder `png` of Open Clip Art.
    ///   - names: the folder of the list of names.
    package init(
        clipArt: String = "/usr/share/openclipart/png",
        names: String = "Examples/PictureDictionary/Names"
    ) {
        self.clipArt = clipArt
        self.names = names
    }

    /// Reads all named drawings, on all cores.
    ///
    /// - Throws: ``DictionaryError`` for a file that is missing or damaged.
    func read() throws(DictionaryError) -> [NamedDrawing] {
        let files = try list("openclipart.txt", .clipArt, in: clipArt, package: "openclipart-png")
        let glyphs = Mutex([Glyph?](repeating: nil, count: files.count))
        do {
            try inParallel(files.count) { number in
                let glyph = try Glyph(contentsOf: files[number].file)
                glyphs.withLock { $0[number] = glyph }
            }
        } catch let error as DictionaryError {
            throw error
        } catch {
            preconditionFailure("reading a drawing throws no other error: \(error)")
        }
        return zip(files, glyphs.withLock(\.self)).compactMap { file, glyph in
            glyph.map { NamedDrawing(name: file.name, drawing: file.drawing, glyph: $0) }
        }
    }

    private struct NamedFile: Sendable {
        let name: String
        let drawing: Drawing
        let file: SourceFile
    }

    /// Reads lines `name: path path`; a line that begins with `#` is a remark.
    private func list(
        _ list: String,
        _ source: Drawing.Source,
        in folder: String,
        package: String
    ) throws(DictionaryError) -> [NamedFile] {
        let file = SourceFile(path: names + "/" + list, package: "of this repository")
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw .noNames(path: file.path)
        }
        var files: [NamedFile] = []
        for (number, line) in try file.readLines().enumerated() {
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            guard let colon = line.firstRange(of: ": ") else {
                throw file.malformed(line: number + 1, "no colon after a name")
            }
            let name = String(line[..<colon.lowerBound])
            for path in line[colon.upperBound...].split(separator: " ") {
                files.append(
                    NamedFile(
                        name: name,
                        drawing: Drawing(source, path: String(path)),
                        file: SourceFile(path: "\(folder)/\(path).png", package: package)
                    )
                )
            }
        }
        return files
    }
}
