import Basics

/// A safetensors file, mapped read-only: its header is checked, its weights load when touched.
package final class SafetensorsFile: MappedWeightSource, StoredWeightFile {
    /// The largest header that the format allows: about a million weights.
    package static let largestHeader = 100_000_000

    package let path: String
    /// The names of the weights in the order of their bytes.
    package let names: [String]
    private let items: [SafetensorsHeader.Item]
    private let places: [String: Int]
    private let file: MappedFile

    /// Opens a file and checks its header; no weights are read.
    ///
    /// A header of more than ``largestHeader`` bytes is refused before memory is allocated for it.
    package init(_ path: String) throws {
        let file = try MappedFile(path)
        let header: SafetensorsHeader
        do {
            header = try SafetensorsHeader(of: file.bytes, limit: Self.largestHeader)
        } catch {
            throw SafetensorsError(path: path, problem: error)
        }
        // A header of many weights is large, and is not needed again.
        file.release(first: header.dataStart)
        self.path = path
        self.file = file
        names = header.items.map(\.weight.name)
        items = header.items
        places = header.places
    }

    /// The bytes of all weights.
    var dataByteCount: Int { items.reduce(0) { $0 + $1.range.count } }

    package func entry(_ name: String) -> WeightEntry? { places[name].map { items[$0].weight } }

    /// The range of a weight in the bytes of the file.
    package func range(of name: String) -> Range<Int>? { places[name].map { items[$0].range } }

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
