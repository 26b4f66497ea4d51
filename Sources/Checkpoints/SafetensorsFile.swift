import Basics

/// A safetensors file, checked as a whole and mapped read-only: weights load when they are touched.
public final class SafetensorsFile: WeightSource {
    /// The largest header that is read unless more is asked for: some 200,000 weights.
    public static let defaultHeaderLimit = 25_000_000

    /// The path as it was given.
    public let path: String
    /// The names of the weights in the order of their bytes.
    public let names: [String]
    /// The weights by name.
    public let entries: [String: WeightEntry]
    /// The free strings that the file carries, as `"format": "pt"`.
    public let metadata: [String: String]
    private let ranges: [String: Range<Int>]
    private let file: MappedFile

    /// Opens a file and checks all of its header; the weights themselves are not read.
    ///
    /// A header of more than `headerLimit` bytes is refused before anything is allocated for it.
    public init(_ path: String, headerLimit: Int = defaultHeaderLimit) throws {
        let file = try MappedFile(path)
        let header: SafetensorsHeader
        do {
            header = try SafetensorsHeader(of: file.bytes, limit: headerLimit)
        } catch {
            throw SafetensorsError(path: path, problem: error)
        }
        guard Set(header.items.map(\.weight.name)).count == header.items.count else {
            throw SafetensorsError(path: path, problem: .likeNames)
        }
        self.path = path
        self.file = file
        metadata = header.metadata
        names = header.items.map(\.weight.name)
        let weights = header.items.map { ($0.weight.name, $0.weight) }
        entries = Dictionary(weights, uniquingKeysWith: { first, _ in first })
        let named = header.items.map { ($0.weight.name, $0.range) }
        ranges = Dictionary(named, uniquingKeysWith: { first, _ in first })
    }

    /// The type and shape of a weight, or `nil` if there is none of that name.
    public func entry(_ name: String) -> WeightEntry? { entries[name] }

    /// The bytes of a weight within the file, counted from the start of the file.
    public func range(of name: String) -> Range<Int>? { ranges[name] }

    /// The elements of a weight; the pointer is valid as long as this object lives.
    public func bytes(of name: String) throws -> UnsafeRawBufferPointer {
        guard let range = ranges[name] else { throw WeightError.missing(name: name) }
        return UnsafeRawBufferPointer(rebasing: file.bytes[range])
    }

    /// Fills `buffer` with bytes of a weight, from `offset` on, without mapping them.
    public func read(
        _ name: String,
        at offset: Int,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws {
        guard let range = ranges[name] else { throw WeightError.missing(name: name) }
        precondition(offset >= 0 && buffer.count <= range.count - offset)
        try file.read(at: range.lowerBound + offset, into: buffer)
    }
}
