import Basics

/// The parsed header of a safetensors file: every byte of the data belongs to exactly one weight.
struct SafetensorsHeader {
    /// A weight and its bytes in the file, counted from the start of the file.
    struct Item {
        let weight: WeightEntry
        let range: Range<Int>
    }

    /// The weights in the order of their bytes.
    let items: [Item]
    /// Where each name stands among them.
    let places: [String: Int]
    /// The free strings that the file carries.
    let metadata: [String: String]

    typealias Problem = SafetensorsError.Problem

    /// Parses and checks the header of a whole file, by the rules of the format: lengths before
    /// allocation, then the JSON, then each weight, then that the weights cover the data exactly.
    init(of file: UnsafeRawBufferPointer, limit: Int) throws(Problem) {
        let dataStart = try Self.dataStart(of: file, limit: limit)
        let header = UnsafeRawBufferPointer(rebasing: file[8..<dataStart])
        guard header.first == UInt8(ascii: "{") else { throw .headerNotObject }

        var metadata: [String: String]?
        var items: [Item] = []
        var places: [String: Int] = [:]
        var problem: Problem?
        do {
            _ = try JSON.forEachMember(
                parsing: header,
                limits: .init(bytes: limit, depth: 4)
            ) { key, value in
                guard problem == nil else { return true }
                do throws(Problem) {
                    if key == "__metadata__" {
                        guard metadata == nil else { return false }
                        metadata = try Self.metadata(value)
                    } else {
                        if let other = places.updateValue(items.count, forKey: key) {
                            guard !items[other].weight.name.utf8.elementsEqual(key.utf8) else {
                                return false
                            }
                            throw .likeNames
                        }
                        items.append(try Self.item(key, value, dataStart: dataStart))
                    }
                } catch {
                    problem = error
                }
                return true
            }
        } catch {
            throw .header(error)
        }
        if let problem { throw problem }
        // Most files list their weights in the order of their bytes.
        if !zip(items, items.dropFirst()).allSatisfy(Self.isInOrder) {
            let order = items.indices.sorted { Self.isInOrder(items[$0], items[$1]) }
            var ranks = order
            for (rank, place) in order.enumerated() { ranks[place] = rank }
            items = order.map { items[$0] }
            places = places.mapValues { ranks[$0] }
        }
        try Self.checkCover(items, dataStart: dataStart, fileSize: file.count)
        self.items = items
        self.places = places
        self.metadata = metadata ?? [:]
    }

    private static func isInOrder(_ first: Item, _ second: Item) -> Bool {
        (first.range.lowerBound, first.range.upperBound)
            < (second.range.lowerBound, second.range.upperBound)
    }

    /// The offset of the data, once the header is known to be in the file.
    private static func dataStart(of file: UnsafeRawBufferPointer, limit: Int) throws(Problem)
        -> Int
    {
        try recognizeOtherFormats(file)
        guard file.count >= 8 else { throw .noHeader(fileSize: file.count) }
        let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(limit) else {
            throw .headerTooLong(byteCount: length, limit: limit)
        }
        guard Int(length) <= file.count - 8 else {
            throw .headerPastEnd(byteCount: length, fileSize: file.count)
        }
        return 8 + Int(length)
    }

    private static func recognizeOtherFormats(_ file: UnsafeRawBufferPointer) throws(Problem) {
        if LargeFilePointer.begins(file) { throw .largeFilePointer }
        // A bare pickle of protocol 2 to 5, or a ZIP archive. Neither can begin a safetensors file
        // whose header is within any limit: byte 8 of one is '{'.
        let isPickle = file.count > 1 && file[0] == 0x80 && (2...5).contains(file[1])
        let isArchive = file.starts(with: [0x50, 0x4B, 0x03, 0x04])
        let isHeader = file.count > 8 && file[8] == UInt8(ascii: "{")
        if !isHeader, isPickle || isArchive { throw .pickle }
    }

    private static func metadata(_ json: JSON) throws(Problem) -> [String: String] {
        guard case .object(let object) = json else { throw .metadata }
        var metadata: [String: String] = [:]
        for (key, value) in object.members {
            guard case .string(let text) = value else { throw .metadata }
            metadata[key] = text
        }
        return metadata
    }

    private static func item(_ name: String, _ json: JSON, dataStart: Int) throws(Problem) -> Item {
        guard case .object(let object) = json else {
            throw .entry(name: name, problem: "an object is expected, found \(json.kind)")
        }
        for key in object.keys where !["dtype", "shape", "data_offsets"].contains(key) {
            throw .entry(name: name, problem: "the member \"\(key)\" is not known")
        }
        guard case .string(let typeName) = object["dtype"] else {
            throw .entry(name: name, problem: "\"dtype\" must be a string")
        }
        guard let elementType = ElementType(rawValue: typeName) else {
            throw .elementType(name: name, found: typeName)
        }
        guard let shape = naturalNumbers(object["shape"]) else {
            throw .entry(name: name, problem: "\"shape\" must be an array of integers from 0")
        }
        guard let offsets = naturalNumbers(object["data_offsets"]), offsets.count == 2 else {
            throw .entry(name: name, problem: "\"data_offsets\" must be two integers from 0")
        }
        let (begin, end) = (offsets[0], offsets[1])
        guard begin <= end else { throw .reversed(name: name, begin: begin, end: end) }
        let weight = WeightEntry(name: name, elementType: elementType, shape: shape)
        guard let expected = weight.checkedByteCount else {
            throw .shapeOverflow(name: name, shape: shape)
        }
        guard end - begin == expected else {
            throw .size(name: name, found: end - begin, expected: expected)
        }
        let (shiftedEnd, overflows) = end.addingReportingOverflow(dataStart)
        guard !overflows else {
            throw .entry(name: name, problem: "the offset \(end) is larger than any file")
        }
        return Item(weight: weight, range: dataStart + begin..<shiftedEnd)
    }

    private static func naturalNumbers(_ json: JSON?) -> [Int]? {
        guard case .array(let elements) = json else { return nil }
        var numbers: [Int] = []
        numbers.reserveCapacity(elements.count)
        for element in elements {
            guard case .integer(let number) = element, number >= 0 else { return nil }
            numbers.append(number)
        }
        return numbers
    }

    private static func checkCover(_ items: [Item], dataStart: Int, fileSize: Int) throws(Problem) {
        var end = dataStart
        var previous = ""
        for item in items {
            let name = item.weight.name
            guard item.range.lowerBound >= end else {
                throw .overlap(name: name, with: previous)
            }
            guard item.range.lowerBound == end else {
                throw .hole(before: name, byteCount: item.range.lowerBound - end)
            }
            end = item.range.upperBound
            previous = name
        }
        guard end <= fileSize else { throw .truncated(missing: end - fileSize) }
        guard end == fileSize else { throw .trailing(byteCount: fileSize - end) }
    }
}
