import Basics
import Foundation

/// Where the images are that a document names.
enum ImageSource {
    /// Every image is inside the JSON.
    case embedded
    /// Files in a folder and the folders below it.
    case folder(URL)
    /// The other members of a tar sample, by suffix: `0.png`.
    case members([String: [UInt8]])

    /// Decodes the image `name`; `failure` makes an error about the field with the name.
    func image(
        named name: String,
        place: String,
        limits: ImageLimits,
        failure: (String) -> JSONFieldError
    ) throws -> Image {
        switch self {
        case .embedded:
            throw failure("an image by name is not supported here; give it as a data URL")
        case .folder(let folder):
            guard RelativePath.isInside(name) else {
                throw failure("\"\(name)\" leads out of the folder; name a file inside it")
            }
            do {
                return try Image(contentsOf: folder.appending(path: name), limits: limits)
            } catch FileError.missing {
                throw ShardError(
                    place: place,
                    problem: "there is no image \"\(name)\" in the folder",
                    scope: .document,
                    kind: .notFound
                )
            }
        case .members(let members):
            guard let bytes = members[name] else {
                let known = members.keys.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
                let found = known.isEmpty ? "the sample has none" : "the sample has \(known)"
                throw failure("there is no image \"\(name)\"; \(found)")
            }
            return try Image(decoding: bytes, name: "\(place): \(name)", limits: limits)
        }
    }
}
