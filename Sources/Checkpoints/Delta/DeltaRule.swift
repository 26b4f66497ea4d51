import Basics

/// How a weight of a delta is made that is not stored as it is.
struct DeltaRule: Sendable {
    /// A weight of a base.
    struct BaseWeight: Sendable, Equatable {
        /// Which of the bases.
        let base: Int
        let name: String
    }

    /// Some columns of a weight, whose rows come from a base's weight and from a stored one.
    struct Columns: Sendable {
        let width: Int
        let base: BaseWeight?
        /// The name of the stored rows.
        let stored: String?
        let runs: [RowRun]
    }

    enum Content: Sendable {
        /// The base's weight.
        case whole(BaseWeight)
        /// Columns side by side.
        case columns(rows: Int, [Columns])
    }

    /// The most rows of a weight that is made of rows: more than any vocabulary has, so that a small
    /// file cannot ask for all memory.
    static let mostRows = 1 << 21

    let elementType: ElementType
    let content: Content
}

extension DeltaRule {
    /// Reads the rule of a weight.
    ///
    /// - Parameters:
    ///   - reader: the member of `weights`.
    ///   - baseCount: how many bases there are.
    /// - Throws: `JSONFieldError` for a member that is missing or out of its range.
    init(_ reader: JSONReader, baseCount: Int) throws {
        let type = try reader.string("dtype")
        guard let elementType = ElementType(rawValue: type) else {
            throw reader.failure("dtype", "\(type.quoted()) is not known")
        }
        self.elementType = elementType
        guard reader.has("columns") else {
            content = .whole(try Self.baseWeight(in: reader, baseCount))
            return
        }
        let rows = try reader.integer("rows", atLeast: 1, atMost: Self.mostRows)
        let columns = try reader.objects("columns").map { try Columns($0, rows, baseCount) }
        guard !columns.isEmpty else {
            throw reader.failure("columns", "is empty; at least one is expected")
        }
        content = .columns(rows: rows, columns)
    }

    fileprivate static func baseWeight(in reader: JSONReader, _ count: Int) throws(JSONFieldError)
        -> BaseWeight
    {
        guard count > 0 else { throw reader.failure("base", "there are no bases") }
        return BaseWeight(
            base: try reader.integer("base", atLeast: 0, atMost: count - 1),
            name: try reader.string("weight")
        )
    }

    var json: JSON {
        var object: JSON.Object = ["dtype": .string(elementType.rawValue)]
        switch content {
        case .whole(let weight): weight.add(to: &object)
        case .columns(let rows, let columns):
            object["rows"] = .integer(rows)
            object["columns"] = .array(columns.map(\.json))
        }
        return .object(object)
    }
}

extension DeltaRule.BaseWeight {
    fileprivate func add(to object: inout JSON.Object) {
        object["base"] = .integer(base)
        object["weight"] = .string(name)
    }
}

extension DeltaRule.Columns {
    fileprivate init(_ reader: JSONReader, _ rows: Int, _ baseCount: Int) throws {
        width = try reader.integer("width", atLeast: 1)
        base = reader.has("base") ? try DeltaRule.baseWeight(in: reader, baseCount) : nil
        stored = reader.has("stored") ? try reader.string("stored") : nil
        let fill = reader.has("fill") ? try reader.integer("fill", atLeast: 0) : nil
        let ofBase = try Self.triples("base_rows", in: reader)
        let ofStored = try Self.triples("stored_rows", in: reader)
        guard base != nil || ofBase.isEmpty else { throw reader.failure("base", "is missing") }
        guard stored != nil || ofStored.isEmpty && fill == nil else {
            throw reader.failure("stored", "is missing")
        }
        do {
            runs = try RowRun.runs(of: rows, base: ofBase, stored: ofStored, fill: fill)
        } catch {
            throw reader.failure("rows", error.text)
        }
    }

    /// Arrays of integers, each in an array of its own.
    private static func triples(_ key: String, in reader: JSONReader) throws -> [[Int]] {
        try reader.array(key, default: []).map { element in
            guard case .array(let numbers) = element else {
                throw reader.failure(key, "arrays of integers are expected")
            }
            return try numbers.map { number in
                guard case .integer(let value) = number else {
                    throw reader.failure(key, "arrays of integers are expected")
                }
                return value
            }
        }
    }

    fileprivate var json: JSON {
        var object: JSON.Object = ["width": .integer(width)]
        base?.add(to: &object)
        var (ofBase, ofStored): ([JSON], [JSON]) = ([], [])
        for run in runs {
            let (first, count) = (JSON.integer(run.rows.lowerBound), JSON.integer(run.rows.count))
            switch run.source {
            case .base(let row): ofBase.append([first, .integer(row), count])
            case .stored(let row): ofStored.append([first, .integer(row), count])
            case .fill(let row): object["fill"] = .integer(row)
            }
        }
        if !ofBase.isEmpty { object["base_rows"] = .array(ofBase) }
        object["stored"] = stored.map(JSON.string)
        if !ofStored.isEmpty { object["stored_rows"] = .array(ofStored) }
        return .object(object)
    }
}
