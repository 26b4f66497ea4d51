import Basics

/// Where the bytes of a model come from that is written as a delta.
package struct DeltaShares: Sendable, Equatable {
    /// Weights that are a base's as a whole.
    package private(set) var wholeCount = 0
    package private(set) var wholeByteCount = 0
    /// Weights that are made of rows, and the bytes of those rows that are a base's or fill others.
    package private(set) var rowWeightCount = 0
    package private(set) var rowByteCount = 0
    /// The bytes of files that are made of a base's.
    package internal(set) var textByteCount = 0
    /// The bytes of weights that are stored, in the type that they are stored in.
    package internal(set) var storedByteCount = 0

    mutating func add(_ rule: DeltaRule, _ entry: WeightEntry) {
        switch rule.content {
        case .whole:
            wholeCount += 1
            wholeByteCount += entry.byteCount
        case .columns(_, let columns):
            rowWeightCount += 1
            for part in columns {
                for run in part.runs {
                    if case .stored = run.source { continue }
                    rowByteCount += run.rows.count * part.width * entry.elementType.byteCount
                }
            }
        }
    }
}
