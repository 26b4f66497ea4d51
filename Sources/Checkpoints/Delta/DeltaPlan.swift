package import Basics

/// Weights and files as what their bases do not have, found by comparing all values.
package struct DeltaPlan: Sendable {
    /// A weight of the stored file: one of the model's, or some of its rows and columns.
    struct Stored: Sendable {
        let name: String
        let weight: WeightEntry
        /// `nil` for the whole weight.
        let part: (rows: [Int], columns: Range<Int>)?

        var shape: [Int] { part.map { [$0.rows.count, $0.columns.count] } ?? weight.shape }
    }

    /// A file of a model, by its path from the folder.
    package typealias File = (name: String, file: MappedFile)

    /// Where the bytes come from.
    package let shares: DeltaShares
    let weights: any WeightSource
    let bases: DeltaBases
    let description: DeltaDescription
    let stored: [Stored]
    let storage: DeltaStorage

    /// Compares weights and files with those of the bases.
    ///
    /// - Parameters:
    ///   - weights: the weights of the model.
    ///   - files: its files besides config and weights.
    ///   - bases: what may be left out.
    ///   - storage: the type of the values that are stored.
    ///   - progress: called with the bytes of weights compared so far; an error that it throws ends
    ///     the work.
    /// - Throws: what cannot be read.
    package init(
        of weights: any WeightSource,
        files: [File],
        bases: DeltaBases,
        storage: DeltaStorage = .same,
        progress: (Int) throws -> Void = { _ in }
    ) throws {
        var shares = DeltaShares()
        var rules: [(name: String, rule: DeltaRule)] = []
        var stored: [Stored] = []
        var done = 0
        for name in weights.names {
            guard let entry = weights.entry(name) else { continue }
            let made = try Self.rule(of: entry, in: weights, bases.index)
            if let made {
                rules.append((name, made.rule))
                stored += made.stored
                shares.add(made.rule, entry)
            } else {
                stored.append(Stored(name: name, weight: entry, part: nil))
            }
            done += entry.byteCount
            try progress(done)
        }
        let texts = try Self.texts(files, bases.opened)
        shares.textByteCount = files.reduce(0) { sum, file in
            texts.contains { $0.name == file.name } ? sum + file.file.bytes.count : sum
        }
        shares.storedByteCount = stored.reduce(0) { sum, part in
            let entries = storage.entries(part.name, part.weight.elementType, part.shape)
            return sum + entries.reduce(0) { $0 + $1.byteCount }
        }
        self.weights = weights
        self.bases = bases
        self.stored = stored
        self.storage = storage
        self.shares = shares
        description = DeltaDescription(bases: bases.descriptions, weights: rules, texts: texts)
    }

    /// The names of the files that are made of the bases', and not to be written.
    package var madeNames: Set<String> { Set(description.texts.map(\.name)) }

    /// How a weight is made of the bases', and what is stored for it; `nil` to store it whole.
    private static func rule(
        of entry: WeightEntry,
        in weights: any WeightSource,
        _ index: BaseIndex
    ) throws -> (rule: DeltaRule, stored: [Stored])? {
        try weights.withBytes(of: entry.name) { bytes in
            if let weight = try index.weight(like: entry, bytes) {
                return (DeltaRule(elementType: entry.elementType, content: .whole(weight)), [])
            }
            guard entry.shape.count == 2, FloatFormat(entry.elementType) != nil,
                entry.shape[0] > 1, entry.shape[0] <= DeltaRule.mostRows, !bytes.isEmpty
            else { return nil }
            let parts = try columns(of: entry, bytes, index)
            let count = parts.reduce(0) { $0 + $1.storedCount }
            // A rule of many rows has a price, too.
            guard count < entry.shape[0] * entry.shape[1] / 4 * 3 else { return nil }
            return rule(entry, parts)
        }
    }

    /// The columns, side by side, that leave the least to store.
    private static func columns(
        of entry: WeightEntry,
        _ bytes: UnsafeRawBufferPointer,
        _ index: BaseIndex
    ) throws -> [RowComparison] {
        let width = entry.shape[1]
        let inner = index.widths.filter { $0 > 0 && $0 < width }.sorted()
        let splits = [[0, width]] + inner.flatMap { [[0, $0, width], [0, width - $0, width]] }
        let size = entry.elementType.byteCount
        var best: [RowComparison] = []
        var least = Int.max
        for split in splits {
            let parts = try zip(split, split.dropFirst()).map { start, end in
                let digests = BaseIndex.rowDigests(bytes, width * size, start * size..<end * size)
                let candidates = try index.rows(end - start, entry.elementType)
                return RowComparison(start..<end, digests, candidates)
            }
            let count = parts.reduce(0) { $0 + $1.storedCount }
            if count < least { (best, least) = (parts, count) }
        }
        return best
    }

    private static func rule(_ entry: WeightEntry, _ parts: [RowComparison])
        -> (rule: DeltaRule, stored: [Stored])
    {
        var stored: [Stored] = []
        let columns = parts.enumerated().map { number, part in
            var name: String?
            if !part.storedRows.isEmpty {
                let own = parts.count == 1 ? "\(entry.name):rows" : "\(entry.name):rows\(number)"
                stored.append(
                    Stored(name: own, weight: entry, part: (part.storedRows, part.columns))
                )
                name = own
            }
            return DeltaRule.Columns(
                width: part.columns.count,
                base: part.base,
                stored: name,
                runs: part.runs
            )
        }
        let content = DeltaRule.Content.columns(rows: entry.shape[0], columns)
        return (DeltaRule(elementType: entry.elementType, content: content), stored)
    }

    /// The files that are made of the bases' files of the same name.
    private static func texts(_ files: [File], _ bases: [CheckpointFolder]) throws
        -> [(name: String, text: DeltaDescription.Text)]
    {
        try files.compactMap { name, file in
            guard CheckpointFiles.isPlainName(name) else { return nil }
            for (number, base) in bases.enumerated() where base.has(name) {
                guard let edit = try edit(of: name, file, base) else { continue }
                let text = DeltaDescription.Text(
                    base: number,
                    sha256: SHA256.hex(of: file.bytes),
                    edit: edit.edit
                )
                return (name, text)
            }
            return nil
        }
    }

    /// What makes a file of the base's; `nil` if that would not be shorter, or not the same text.
    private static func edit(of name: String, _ file: MappedFile, _ base: CheckpointFolder) throws
        -> (edit: JSONEdit?, isEqual: Bool)?
    {
        guard let original = try base.file(name) else { return nil }
        let isEqual = original.bytes.elementsEqual(file.bytes)
        if isEqual {
            let isText = String(validating: file.bytes, as: UTF8.self) != nil
            return isText ? (nil, true) : nil
        }
        guard name.hasSuffix(".json"), let result = try? file.json(),
            let start = try base.json(name)
        else { return nil }
        let nothing = JSONEdit.object(removed: [], edited: [], added: [:])
        let edit = JSONEdit(from: start, to: result) ?? nothing
        guard let made = try? edit.applied(to: start).text(.indented) + "\n",
            made.utf8.elementsEqual(file.bytes),
            edit.json.text().utf8.count < file.bytes.count
        else { return nil }
        return (edit, false)
    }
}
