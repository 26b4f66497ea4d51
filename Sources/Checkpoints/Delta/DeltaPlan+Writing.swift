import Basics

extension DeltaPlan {
    /// The names of the files that ``write(into:)`` writes.
    package static let fileNames = [DeltaFolder.fileName, DeltaFolder.weightsName]

    /// Writes the description and the stored weights into a folder.
    ///
    /// - Throws: `FileError` where they cannot be written, `WeightError` for a value that the type
    ///   of the stored values cannot hold.
    package func write(into folder: String) throws {
        let json = description.json.text(.indented) + "\n"
        try AtomicFile.write(json, to: folder + "/" + DeltaFolder.fileName)
        func entries(_ part: Stored) -> [WeightEntry] {
            storage.entries(part.name, part.weight.elementType, part.shape)
        }
        var writer = try SafetensorsWriter(
            folder + "/" + DeltaFolder.weightsName,
            entries: stored.flatMap(entries)
        )
        for part in stored {
            let type = part.weight.elementType
            let contents = try weights.withBytes(of: part.weight.name) { bytes in
                let bytes = part.bytes(of: bytes)
                return try bytes.withUnsafeBytes { bytes throws(WeightError) in
                    try storage.bytes(of: bytes, part.name, type, part.shape)
                }
            }
            for (entry, content) in zip(entries(part), contents) {
                try content.withUnsafeBytes { try writer.write($0, to: entry.name) }
            }
        }
        try writer.finish()
    }

    /// Makes all weights and files again of what was written, and compares them with the model's.
    ///
    /// - Parameters:
    ///   - folder: where the description and the stored weights were written.
    ///   - progress: as for the comparison.
    /// - Throws: ``DeltaError/inconsistent(path:name:)`` for the first that differs.
    package func check(_ folder: String, progress: (Int) throws -> Void = { _ in }) throws {
        let made = try DeltaWeights(
            description.weights,
            stored: SafetensorsFile(folder + "/" + DeltaFolder.weightsName),
            bases: bases.opened,
            file: folder + "/" + DeltaFolder.fileName
        )
        var done = 0
        for name in weights.names {
            guard let entry = weights.entry(name) else { continue }
            let ranges = exactRanges(of: entry)
            if !ranges.isEmpty {
                let isEqual = try weights.withBytes(of: name) { original in
                    try made.withBytes(of: name) { made in
                        ranges.allSatisfy { original.isEqual(to: made, in: $0) }
                    }
                }
                guard isEqual else { throw DeltaError.inconsistent(path: folder, name: name) }
            }
            done += entry.byteCount
            try progress(done)
        }
        for (name, text) in description.texts {
            let made = try DeltaFolder.text(name, text.edit, of: bases.opened[text.base])
            guard made.map(DeltaFolder.digest) == text.sha256 else {
                throw DeltaError.inconsistent(path: folder, name: name)
            }
        }
    }

    /// The bytes of a weight that are the model's to the last bit.
    private func exactRanges(of entry: WeightEntry) -> [Range<Int>] {
        let rule = description.weights.first { $0.name == entry.name }?.rule
        guard storage != .same else { return [0..<entry.byteCount] }
        switch rule?.content {
        case nil: return []
        case .whole: return [0..<entry.byteCount]
        case .columns(_, let columns):
            let size = entry.elementType.byteCount
            var (start, ranges): (Int, [Range<Int>]) = (0, [])
            for part in columns {
                for run in part.runs {
                    guard case .base = run.source else { continue }
                    ranges += run.rows.map { row in
                        let first = (row * entry.shape[1] + start) * size
                        return first..<first + part.width * size
                    }
                }
                start += part.width
            }
            return ranges
        }
    }
}

extension DeltaPlan.Stored {
    /// The bytes to store, of those of the whole weight.
    fileprivate func bytes(of whole: UnsafeRawBufferPointer) -> [UInt8] {
        guard let part else { return Array(whole) }
        let size = weight.elementType.byteCount
        let pitch = weight.shape[1] * size
        var bytes: [UInt8] = []
        bytes.reserveCapacity(part.rows.count * part.columns.count * size)
        for row in part.rows {
            let start = row * pitch
            bytes +=
                whole[
                    start + part.columns.lowerBound * size..<start + part.columns.upperBound * size
                ]
        }
        return bytes
    }
}
