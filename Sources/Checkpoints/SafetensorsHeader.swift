import Basics

/// The header of a safetensors file: every byte of the data belongs to exactly one weight.
struct SafetensorsHeader {
    /// A weight and its bytes in the file, counted from the start of the file.
    struct Item {
        let weight: WeightEntry
        let range: Range<Int>
    }

    /// The offset of the data in the file.
    let dataStart: Int
    /// The weights in the order of their bytes.
    let items: [Item]
    /// The index of each name in `items`.
    let places: [String: Int]

    typealias Problem = SafetensorsError.Problem

    /// Checks, in this order: the lengths, before memory is allocated; the JSON; each weight; that
    /// the weights cover the data exactly.
    init(of file: UnsafeRawBufferPointer, limit: Int) throws(Problem) {
        let dataStart = try Self.dataStart(of: file, limit: limit)
        let header = UnsafeRawBufferPointer(rebasing: file[8..<dataStart])
        guard header.first == UInt8(ascii: "{") else {
            throw .malformed("the header must begin with '{'")
        }

        var hasMetadata = false
        var items: [Item] = []
        var places: [String: Int] = [:]
        // A weight takes some hundred bytes of header.
        items.reserveCapacity(header.count / 128)
        places.reserveCapacity(header.count / 128)
        var problem: Problem?
        do {
            _ = try JSON.forEachMember(
                parsing: header,
                limits: .init(bytes: limit, depth: 4)
            ) { key, value in
                guard problem == nil else { return true }
                do throws(Problem) {
                    if key == "__metadata__" {
                        guard !hasMetadata else { return false }
                        hasMetadata = true
                        try Self.checkMetadata(value)
                    } else {
                        if let other = places.updateValue(items.count, forKey: key) {
                            guard !items[other].weight.name.utf8.elementsEqual(key.utf8) else {
                                return false
                            }
                            throw .malformed(
                                "two names of weights differ only in how their accents are written"
                            )
                        }
                        items.append(try Self.item(key, value, dataStart: dataStart))
                    }
                } catch {
                    problem = error
                }
                return true
            }
        } catch {
            throw .malformed("the header is \(error)")
        }
        if let problem { throw problem }
        // In most files the weights are in the order of their bytes.
        if !zip(items, items.dropFirst()).allSatisfy(Self.isInOrder) {
            let order = items.indices.sorted { Self.isInOrder(items[$0], items[$1]) }
            var ranks = order
            for (rank, place) in order.enumerated() { ranks[place] = rank }
            items = order.map { items[$0] }
            places = places.mapValues { ranks[$0] }
        }
        try Self.checkCover(items, dataStart: dataStart, fileSize: file.count)
        self.dataStart = dataStart
        self.items = items
        self.places = places
    }

    private static func isInOrder(_ first: Item, _ second: Item) -> Bool {
        (first.range.lowerBound, first.range.upperBound)
            < (second.range.lowerBound, second.range.upperBound)
    }

    /// The offset of the data, once the header is known to lie in the file.
    private static func dataStart(of file: UnsafeRawBufferPointer, limit: Int) throws(Problem)
        -> Int
    {
        try recognizeOtherFormats(file)
        guard file.count >= 8 else {
            throw .malformed(
                "a safetensors file begins with 8 bytes of header length; this file has "
                    + "\(file.count)"
            )
        }
        let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(limit) else {
            throw .malformed(
                "a header of \(length) bytes is announced; at most \(limit) are read; is this a "
                    + "safetensors file?"
            )
        }
        guard Int(length) <= file.count - 8 else {
            throw .malformed(
                "a header of \(length) bytes is announced, but the file has \(file.count) bytes"
            )
        }
        return 8 + Int(length)
    }

    private static func recognizeOtherFormats(_ file: UnsafeRawBufferPointer) throws(Problem) {
        if LargeFilePointer.begins(file) {
            throw .malformed(
                "this is a Git LFS pointer, not the weights; fetch them with `git lfs pull`"
            )
        }
        // A bare pickle of protocol 2 to 5, or a ZIP archive. A safetensors file whose header is
        // within the limit cannot be one: its byte 8 is '{'.
        let isPickle = file.count > 1 && file[0] == 0x80 && (2...5).contains(file[1])
        let isArchive = file.starts(with: [0x50, 0x4B, 0x03, 0x04])
        let isHeader = file.count > 8 && file[8] == UInt8(ascii: "{")
        guard isHeader || !isPickle && !isArchive else {
            throw .malformed(
                "this is a pickle, which can run code when it is read; "
                    + "convert it to safetensors where you trust it"
            )
        }
    }

    private static func checkMetadata(_ json: JSON) throws(Problem) {
        if case .object(let object) = json {
            let areStrings = object.members.allSatisfy { member in
                if case .string = member.value { true } else { false }
            }
            if areStrings { return }
        }
        throw .malformed("\"__metadata__\" must be an object of strings")
    }

    private static func item(_ name: String, _ json: JSON, dataStart: Int) throws(Problem) -> Item {
        func failure(_ problem: String) -> Problem {
            .malformed("the weight \"\(name)\": \(problem)")
        }
        guard case .object(let object) = json else {
            throw failure("an object is expected, found \(json.kind)")
        }
        for key in object.keys where !["dtype", "shape", "data_offsets"].contains(key) {
            throw failure("the member \"\(key)\" is not known")
        }
        guard case .string(let typeName) = object["dtype"] else {
            throw failure("\"dtype\" must be a string")
        }
        guard let elementType = ElementType(rawValue: typeName) else {
            let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
            throw failure("the type \"\(typeName)\" is not known; known are \(known)")
        }
        guard let shape = naturalNumbers(object["shape"]) else {
            throw failure("\"shape\" must be an array of integers from 0")
        }
        guard let offsets = naturalNumbers(object["data_offsets"]), offsets.count == 2 else {
            throw failure("\"data_offsets\" must be two integers from 0")
        }
        let (begin, end) = (offsets[0], offsets[1])
        guard begin <= end else { throw failure("the offsets run from \(begin) back to \(end)") }
        let weight = WeightEntry(name: name, elementType: elementType, shape: shape)
        guard let expected = weight.checkedByteCount else {
            throw .shapeOverflow(name: name, shape: shape)
        }
        guard end - begin == expected else {
            throw failure("its shape and type need \(expected) bytes, found \(end - begin)")
        }
        let (shiftedEnd, overflows) = end.addingReportingOverflow(dataStart)
        guard !overflows else {
            throw failure("the offset \(end) is larger than any file")
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
                throw .malformed("the weights \"\(previous)\" and \"\(name)\" share bytes")
            }
            guard item.range.lowerBound == end else {
                throw .malformed(
                    "\(item.range.lowerBound - end) bytes before the weight \"\(name)\" belong to "
                        + "no weight"
                )
            }
            end = item.range.upperBound
            previous = name
        }
        guard end <= fileSize else {
            throw .malformed(
                "the file is cut short: \(end - fileSize) bytes are missing at its end"
            )
        }
        guard end == fileSize else {
            throw .malformed("\(fileSize - end) bytes follow the last weight")
        }
    }
}
