internal import Basics
internal import Documents

extension Role {
    /// Reads who speaks; a developer is the system.
    init(of message: JSONReader) throws {
        switch try message.string("role") {
        case "system", "developer": self = .system
        case "user": self = .user
        case "assistant": self = .assistant
        case let role:
            throw message.failure(
                "role",
                "\(role.quoted(40)) is not known; known are \"system\", \"developer\", \"user\", "
                    + "\"assistant\""
            )
        }
    }
}

extension Image {
    /// Reads an image in a data URL, the member `key`; nothing is fetched.
    init(_ reader: JSONReader, _ key: String, _ budget: ImageBudget) throws {
        let url = try reader.string(key)
        guard let bytes = DataURL.bytes(of: url) else {
            throw reader.failure(
                key,
                "a data URL is expected, as data:image/png;base64,…; nothing is fetched"
            )
        }
        try self.init(bytes, reader, key, budget)
    }

    /// Decodes an image, the member `key`.
    init(_ bytes: [UInt8], _ reader: JSONReader, _ key: String, _ budget: ImageBudget) throws {
        guard budget.count < ImageBudget.maximumCount else {
            throw reader.failure(key, "is too many; a request has at most 16 images")
        }
        do {
            try self.init(
                decoding: bytes,
                name: "the image",
                limits: ImageLimits(encodedBytes: 16 << 20, pixels: budget.pixels)
            )
        } catch {
            throw reader.failure(key, error.problem)
        }
        budget.count += 1
        budget.pixels -= width * height
    }
}

/// How much memory the images of a request may still take.
final class ImageBudget {
    static let maximumCount = 16
    /// The images so far.
    var count = 0
    /// The pixels that the next images may have, all together.
    var pixels = 16_000_000
}

extension JSONReader {
    /// Refuses a member that is neither missing nor `null` nor one of `harmless`.
    func refuse(_ member: String, unless harmless: [JSON] = [], _ problem: String) throws {
        guard has(member), let value = object[member] else { return }
        guard harmless.contains(value) else { throw failure(member, problem) }
    }
}
