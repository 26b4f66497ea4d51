import Basics

/// A safetensors file, checked as a whole and mapped read-only: weights load when they are touched.
package final class SafetensorsFile: WeightSource {
    /// The largest header that the format allows: some million weights.
    package static let largestHeader = 100_000_000

    /// The path as it was given.
    package let path: String
    /// The names of the weights in the order of their bytes.
    package let names: [String]
    /// The free strings that the file carries, as `"format": "pt"`.
    package let metadata: [String: String]
    private let items: [SafetensorsHeader.Item]
    private let places: [String: Int]
    private let file: MappedFile

    /// Opens a file and checks all of its header; the weights themselves are not read.
    ///
    /// A header of more than ``largestHeader`` bytes is refused before anything is allocated for it.
    package init(_ path: String) throws {
        let file = try MappedFile(path)
        let header: SafetensorsHeader
        do {
            header = try SafetensorsHeader(of: file.bytes, limit: Self.largestHeader)
        } catch {
            throw SafetensorsError(path: path, problem: error)
        }
        self.path = path
        self.file = file
        metadata = header.metadata
        names = header.items.map(\.weight.name)
        items = header.items
        places = header.places
    }

    /// The bytes of all weights.
    var dataByteCount: Int { items.reduce(0) { $0 + $1.range.count } }

    /// The type and shape of a weight, or `nil` if there is none of that name.
    package func entry(_ name: String) -> WeightEntry? { places[name].map { items[$0].weight } }

    /// The bytes of a weight within the file, counted from the start of the file.
    package func range(of name: String) -> Range<Int>? { places[name].map { items[$0].range } }

    /// The elements of a weight; the pointer is valid as long as this object lives.
    package func bytes(of name: String) throws -> UnsafeRawBufferPointer {
        guard let range = range(of: name) else { throw WeightError.missing(name: name) }
        return UnsafeRawBufferPointer(rebasing: file.bytes[range])
    }

    /// Fills `buffer` with bytes of a weight, from `offset` on, without mapping them.
    package func read(
        _ name: String,
        at offset: Int,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws {
        guard let range = range(of: name) else { throw WeightError.missing(name: name) }
        precondition(offset >= 0 && buffer.count <= range.count - offset)
        try file.read(at: range.lowerBound + offset, into: buffer)
    }
}
