import Basics

/// The entries of a ZIP archive as `torch.save` writes it: nothing compressed, nothing encrypted.
///
/// Every offset and length is checked against the file, and entries must not overlap (PKWARE's
/// APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.14 to 4.3.16).
struct TorchArchive {
    typealias Problem = TorchFileError.Problem

    /// The range of each entry in the file, by name.
    let entries: [String: Range<Int>]

    private static let localSignature = 0x0403_4B50
    private static let endSignature = 0x0605_4B50
    private static let end64Signature = 0x0606_4B50
    private static let locator64Signature = 0x0706_4B50

    init(of file: UnsafeRawBufferPointer) throws(Problem) {
        let bytes = LittleEndianBytes(file)
        let directory = try Self.directory(bytes)
        var entries: [String: Range<Int>] = [:]
        var spans: [Range<Int>] = []
        var offset = directory.bytes.lowerBound
        for _ in 0..<directory.entryCount {
            let entry = try CentralEntry(bytes, at: offset, end: directory.bytes.upperBound)
            let span = try Self.span(of: entry, bytes, end: directory.bytes.lowerBound)
            guard entries.updateValue(span.data, forKey: entry.name) == nil else {
                throw .archive("\(entry.name.quoted()) is duplicate")
            }
            spans.append(span.header..<span.data.upperBound)
            offset = entry.end
        }
        spans.sort { $0.lowerBound < $1.lowerBound }
        for (first, second) in zip(spans, spans.dropFirst())
        where first.upperBound > second.lowerBound {
            throw .archive("two entries share bytes")
        }
        self.entries = entries
    }

    /// The range of the list of entries, from the record at the end of the file.
    private static func directory(_ bytes: LittleEndianBytes) throws(Problem)
        -> (bytes: Range<Int>, entryCount: Int)
    {
        let size = 22
        let end = bytes.count - size
        guard end >= 0, try bytes.integer(at: end, 4) == endSignature else {
            throw .archive("its end is missing; the download may be incomplete")
        }
        var count = try bytes.integer(at: end + 10, 2)
        var length = try bytes.integer(at: end + 12, 4)
        var start = try bytes.integer(at: end + 16, 4)
        var limit = end
        let locator = end - 20
        if locator >= 0, try bytes.integer(at: locator, 4) == locator64Signature {
            limit = try bytes.integer(at: locator + 8, 8)
            guard limit <= locator - 56, try bytes.integer(at: limit, 4) == end64Signature else {
                throw .archive("the record at its end points to nothing")
            }
            count = try bytes.integer(at: limit + 32, 8)
            length = try bytes.integer(at: limit + 40, 8)
            start = try bytes.integer(at: limit + 48, 8)
        }
        guard start <= limit, length <= limit - start, count <= length / CentralEntry.size else {
            throw .archive("its list of entries lies beyond its end")
        }
        return (start..<start + length, count)
    }

    /// The offset of an entry's header and the range of its data, both before `end`.
    private static func span(of entry: CentralEntry, _ bytes: LittleEndianBytes, end: Int)
        throws(Problem) -> (header: Int, data: Range<Int>)
    {
        let size = 30
        let header = entry.header
        guard header <= end - size, try bytes.integer(at: header, 4) == localSignature else {
            throw .archive("\(entry.name.quoted()) is not where the list says")
        }
        let nameLength = try bytes.integer(at: header + 26, 2)
        let start = header + size + nameLength + (try bytes.integer(at: header + 28, 2))
        guard start <= end, entry.length <= end - start else {
            throw .archive("\(entry.name.quoted()) runs beyond its end")
        }
        guard try bytes.text(at: header + size, nameLength) == entry.name else {
            throw .archive("\(entry.name.quoted()) has another name in its own header")
        }
        return (header, start..<start + entry.length)
    }
}

/// One record of the list of entries.
private struct CentralEntry {
    static let size = 46
    private static let signature = 0x0201_4B50
    private static let extended = 0xFFFF_FFFF

    let name: String
    let length: Int
    let header: Int
    let end: Int

    init(_ bytes: LittleEndianBytes, at offset: Int, end: Int) throws(TorchFileError.Problem) {
        guard offset <= end - Self.size, try bytes.integer(at: offset, 4) == Self.signature else {
            throw .archive("its list of entries is cut short")
        }
        let nameLength = try bytes.integer(at: offset + 28, 2)
        let extraLength = try bytes.integer(at: offset + 30, 2)
        let extra = offset + Self.size + nameLength
        self.end = extra + extraLength + (try bytes.integer(at: offset + 32, 2))
        guard self.end <= end else { throw .archive("its list of entries is cut short") }
        name = try bytes.text(at: offset + Self.size, nameLength)
        let isEncrypted = try bytes.integer(at: offset + 8, 2) & 1 != 0
        guard !isEncrypted, try bytes.integer(at: offset + 10, 2) == 0 else {
            throw .archive("\(name.quoted()) is compressed or encrypted; torch.save does neither")
        }
        var sizes = [
            try bytes.integer(at: offset + 24, 4), try bytes.integer(at: offset + 20, 4),
            try bytes.integer(at: offset + 42, 4),
        ]
        // Sizes that do not fit are in the extra field in 64 bits, in this order.
        var values = try Self.wide(bytes, extra..<extra + extraLength)
        for index in sizes.indices where sizes[index] == Self.extended {
            guard values.count >= 8 else { throw .archive("\(name.quoted()) has no 64-bit size") }
            sizes[index] = try bytes.integer(at: values.lowerBound, 8)
            values = values.lowerBound + 8..<values.upperBound
        }
        guard sizes[0] == sizes[1] else { throw .archive("\(name.quoted()) has two sizes") }
        (length, header) = (sizes[0], sizes[2])
    }

    /// The range of the 64-bit values in the extra field, empty if there are none.
    private static func wide(_ bytes: LittleEndianBytes, _ extra: Range<Int>)
        throws(TorchFileError.Problem) -> Range<Int>
    {
        var offset = extra.lowerBound
        while offset <= extra.upperBound - 4 {
            let end = offset + 4 + (try bytes.integer(at: offset + 2, 2))
            guard end <= extra.upperBound else { break }
            if try bytes.integer(at: offset, 2) == 1 { return offset + 4..<end }
            offset = end
        }
        return extra.lowerBound..<extra.lowerBound
    }
}
