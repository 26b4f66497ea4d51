internal import Basics
package import Checkpoints
package import Decoders
internal import Foundation
package import Layers
package import Tensors
package import Vocabulary

/// The weights of a tower, with the rows of its tables for another vocabulary.
///
/// A token that both vocabularies have keeps its row. Any other text has the mean of the rows of the
/// pieces that the old vocabulary splits it into, and a special token that the old one lacks has the
/// row of its end of text, as in a union (decision 13).
package final class TransplantSource: ParameterSource {
    private let folder: CheckpointFolder
    private let weights: WeightsSource
    private let tables: Set<String>
    private let rows: Int
    package let side: TokenUnion.Side
    private let map: RowMap

    /// - Parameters:
    ///   - opened: the tower's folder.
    ///   - old: its config.
    ///   - tokenizer: the new vocabulary.
    /// - Throws: what is wrong with the folder's tokenizer.
    package init(_ opened: CheckpointFolder, _ old: TowerConfig, to tokenizer: Tokenizer) throws {
        folder = opened
        weights = WeightsSource(opened, allowingUnused: old.allowsUnused)
        tables = [old.tableName, old.headName]
        rows = old.vocabularySize
        let known = try Tokenizer(contentsOf: URL(filePath: opened.path)).limited(to: rows)
        let count = tokenizer.space.count
        let side = TokenUnion.Side(
            matching: known,
            rows: known.space.count,
            in: tokenizer,
            rows: count
        )
        let end = known.space.specialTokens[.end]
        map = end.map { side.map.filling(0..<count, with: $0) } ?? side.map
        self.side = side
    }

    package func tensor(for spec: ParameterSpec, initially: Initialization) throws -> Tensor {
        guard tables.contains(spec.name) else {
            return try weights.tensor(for: spec, initially: initially)
        }
        let width = spec.shape[1]
        let stored = [rows, width]
        try folder.check(ParameterSpec(name: spec.name, shape: stored, role: spec.role))
        let values = try folder.floats(of: spec.name)
        var result = [Float](repeating: 0, count: map.count * width)
        for id in 0..<map.count {
            let share = 1 / Float(max(1, map[id].count))
            for row in map[id] {
                for column in 0..<width {
                    result[id * width + column] += share * values[Int(row) * width + column]
                }
            }
        }
        return Tensor(result, spec.shape)
    }

    package func finish(declared names: Set<String>) throws { try weights.finish(declared: names) }
}
