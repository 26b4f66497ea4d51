import Basics

/// A tensor of a GGUF file and its place.
struct GGUFTensor: Sendable, Equatable {
    let name: String
    let type: GGUFTensorType
    /// The dimensions, slowest first: the file lists them in reverse.
    let shape: [Int]
    /// The bytes in the file, counted from its start.
    let range: Range<Int>

    /// The number of elements.
    var count: Int { range.count / type.blockByteCount * type.blockSize }
}

extension GGUFCursor {
    /// A tensor's entry in the header, whose offset counts from the start of the data.
    struct TensorEntry {
        let name: String
        let type: GGUFTensorType
        let shape: [Int]
        let offset: Int
        let byteCount: Int
    }

    /// The fewest bytes of an entry.
    static let leastTensorEntry = 24
    private static let mostDimensions = 4

    mutating func tensorEntry() throws(GGUFProblem) -> TensorEntry {
        let name = try string("the name of a tensor")
        guard !name.isEmpty else { throw GGUFProblem("a tensor has no name") }
        let what = "the tensor \(name.quoted())"
        let dimensionCount = try integer(UInt32.self, what)
        guard dimensionCount <= Self.mostDimensions else {
            throw GGUFProblem("\(what) has \(dimensionCount) dimensions; at most 4 are expected")
        }
        var dimensions: [Int] = []
        for _ in 0..<dimensionCount {
            let size = try integer(UInt64.self, what)
            guard let size = Int(exactly: size), size > 0 else {
                throw GGUFProblem("\(what) has the dimension \(size)")
            }
            dimensions.append(size)
        }
        let type = try tensorType(of: what)
        let place = try integer(UInt64.self, what)
        guard let offset = Int(exactly: place) else {
            throw GGUFProblem("\(what) is at \(place), which is beyond any file")
        }
        let columns = dimensions.first ?? 1
        guard columns % type.blockSize == 0 else {
            throw GGUFProblem(
                "\(what) has rows of \(columns), which are no whole blocks of \(type.blockSize) "
                    + "elements of type \(type.name)"
            )
        }
        let blocks = WeightEntry.elementCount(of: dimensions).map { $0 / type.blockSize }
        let size = blocks?.multipliedReportingOverflow(by: type.blockByteCount)
        guard let size, !size.overflow else {
            throw GGUFProblem("\(what): the shape \(dimensions) is larger than any file")
        }
        return TensorEntry(
            name: name,
            type: type,
            shape: dimensions.reversed(),
            offset: offset,
            byteCount: size.partialValue
        )
    }

    private mutating func tensorType(of what: String) throws(GGUFProblem) -> GGUFTensorType {
        let number = try integer(UInt32.self, what)
        if let type = GGUFTensorType(rawValue: number) { return type }
        let name = GGUFTensorType.others[number] ?? "of the unknown type \(number)"
        let known = GGUFTensorType.allCases.map(\.name).joined(separator: ", ")
        throw GGUFProblem("\(what) is \(name), which is not supported; supported are \(known)")
    }
}
