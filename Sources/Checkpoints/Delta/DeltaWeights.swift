import Basics

/// The weights of a delta: stored ones, those of bases, and those made of rows of both.
final class DeltaWeights: StoredWeightFile {
    private enum Item: Sendable {
        case stored
        case base(ConvertedWeight)
        case rows(RowWeight)
    }

    let path: String
    let names: [String]
    private let stored: SafetensorsFile
    private let items: [String: (entry: WeightEntry, item: Item)]

    /// Checks all rules against the headers of the stored weights and of the bases.
    ///
    /// - Parameters:
    ///   - rules: the weights that are not stored as they are.
    ///   - stored: the stored weights, and stored rows of others.
    ///   - bases: the bases by number.
    ///   - file: the description of the delta, for messages.
    /// - Throws: ``DeltaError/malformed(file:problem:)`` for the first rule that does not fit.
    init(
        _ rules: [(name: String, rule: DeltaRule)],
        stored: SafetensorsFile,
        bases: [CheckpointFolder],
        file: String
    ) throws(DeltaError) {
        var items: [String: (entry: WeightEntry, item: Item)] = [:]
        var parts: Set<String> = []
        for (name, rule) in rules {
            do {
                guard stored.entry(name) == nil else {
                    throw DeltaProblem("is stored in \(DeltaFolder.weightsName), too")
                }
                let (shape, item): ([Int], Item)
                switch rule.content {
                case .whole(let weight):
                    let source = try ConvertedWeight(
                        weight.name,
                        of: bases[weight.base],
                        as: rule.elementType
                    )
                    (shape, item) = (source.entry.shape, .base(source))
                case .columns(let rows, let columns):
                    let made = try RowWeight(rows, columns, rule.elementType, stored, bases)
                    (shape, item) = (made.shape, .rows(made))
                    parts.formUnion(columns.compactMap(\.stored))
                }
                let entry = WeightEntry(name: name, elementType: rule.elementType, shape: shape)
                guard entry.checkedByteCount != nil else {
                    throw DeltaProblem("\(shape) has more values than fit memory")
                }
                items[name] = (entry, item)
            } catch {
                let problem = (error as? DeltaProblem)?.text ?? "\(error)"
                throw .malformed(file: file, problem: "weights.\(name.brief(160)): \(problem)")
            }
        }
        var names = rules.map(\.name)
        for name in stored.names where !Self.isPart(name, of: parts, in: stored) {
            guard let entry = stored.entry(name) else { continue }
            items[name] = (entry, .stored)
            names.append(name)
        }
        path = stored.path
        self.names = names
        self.stored = stored
        self.items = items
    }

    /// Whether a stored weight is rows of another, or their scales.
    private static func isPart(_ name: String, of parts: Set<String>, in stored: SafetensorsFile)
        -> Bool
    {
        parts.contains(name)
            || Int8Rows.isScale(name, in: stored)
                && parts.contains(String(name.dropLast(Int8Rows.scaleName(of: "").count)))
    }

    func entry(_ name: String) -> WeightEntry? { items[name]?.entry }

    func withBytes<Result>(
        of name: String,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        if case .stored = try item(name).item { return try stored.withBytes(of: name, body) }
        return try withReadBytes(of: name, body)
    }

    func read(_ name: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        let (entry, item) = try item(name)
        let size = entry.elementType.byteCount
        precondition(offset % size == 0 && buffer.count % size == 0)
        switch item {
        case .stored: try stored.read(name, at: offset, into: buffer)
        case .base(let weight): try weight.read(from: offset / size, into: buffer)
        case .rows(let weight): try weight.read(from: offset / size, into: buffer)
        }
    }

    func storedType(of name: String) -> String? {
        guard let (entry, item) = items[name] else { return nil }
        return switch item {
        case .stored: stored.storedType(of: name)
        case .base(let weight): weight.storedType
        case .rows: entry.elementType.rawValue
        }
    }

    func quantizedRows(of name: String) throws -> QuantizedRows? {
        switch try item(name).item {
        case .stored: try stored.quantizedRows(of: name)
        case .base(let weight): try weight.quantizedRows()
        case .rows: nil
        }
    }

    private func item(_ name: String) throws(WeightError) -> (entry: WeightEntry, item: Item) {
        guard let item = items[name] else { throw .missing(name: name) }
        return item
    }
}
