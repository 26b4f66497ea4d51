import Basics

extension SafetensorsWriter {
    /// The types in ascending alignment; the reference writer writes them from last to first.
    private static let typeOrder: [ElementType] = [
        .bool, .uint8, .int8, .float8E5M2, .float8E4M3, .int16, .uint16, .float16, .bfloat16,
        .int32, .uint32, .float32, .float64, .int64, .uint64,
    ]

    /// The header with its length before it, and the range of each weight in the file.
    static func layout(
        _ entries: [WeightEntry],
        _ metadata: [String: String],
        path: String
    ) throws(SafetensorsError) -> (header: [UInt8], ranges: [String: Range<Int>]) {
        let rank = Dictionary(uniqueKeysWithValues: typeOrder.enumerated().map { ($1, $0) })
        let ordered = entries.sorted {
            let (left, right) = (rank[$0.elementType, default: 0], rank[$1.elementType, default: 0])
            return left == right ? $0.name.precedesInBytes($1.name) : left > right
        }

        var object = JSON.Object()
        if !metadata.isEmpty {
            var strings = JSON.Object()
            for key in metadata.keys.sorted() { strings[key] = metadata[key].map(JSON.string) }
            object["__metadata__"] = .object(strings)
        }
        var offsets: [(name: String, range: Range<Int>)] = []
        var end = 0
        for entry in ordered {
            precondition(
                object[entry.name] == nil && entry.name != "__metadata__",
                "\(entry.name) is declared twice"
            )
            let begin = end
            let (sum, overflows) = begin.addingReportingOverflow(entry.byteCount)
            // Half of the range is left for the header.
            guard !overflows, sum < Int.max / 2 else {
                throw SafetensorsError(
                    path: path,
                    problem: .shapeOverflow(name: entry.name, shape: entry.shape)
                )
            }
            end = sum
            offsets.append((entry.name, begin..<end))
            object[entry.name] = [
                "dtype": .string(entry.elementType.rawValue),
                "shape": .array(entry.shape.map(JSON.integer)),
                "data_offsets": [.integer(begin), .integer(end)],
            ]
        }

        var text = Array(JSON.object(object).text().utf8)
        while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
        let length = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) }
        let header = length + text
        let ranges = offsets.map {
            ($0.name, $0.range.lowerBound + header.count..<$0.range.upperBound + header.count)
        }
        return (header, Dictionary(uniqueKeysWithValues: ranges))
    }
}

extension String {
    /// Whether this string's UTF-8 precedes that of another, as Rust and C compare.
    func precedesInBytes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}
