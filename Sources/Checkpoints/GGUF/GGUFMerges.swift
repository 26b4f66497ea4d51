import Basics

/// The merges that pieces and their scores imply: each way to make a piece of two others.
///
/// Ordered by score, the best first, then by the lengths of left and right side, the longest first,
/// as `generate_merges` in transformers does.
struct GGUFMerges {
    /// The longest piece in bytes; real ones have less than a hundred.
    private static let longest = 1024

    private struct Merge {
        let left: Int
        let right: Int
        let score: Double
        let leftLength: Int
        let rightLength: Int
    }

    /// The merges as pairs of strings.
    let json: [JSON]

    init(
        _ pieces: [String],
        isText: [Bool],
        ranks: [Double],
        _ metadata: GGUFMetadata
    ) throws(GGUFError) {
        var ids: [ArraySlice<UInt8>: Int] = [:]
        for (id, piece) in pieces.enumerated() where isText[id] { ids[ArraySlice(piece.utf8)] = id }
        var merges: [Merge] = []
        for (id, piece) in pieces.enumerated() where isText[id] {
            let bytes = Array(piece.utf8)
            guard bytes.count <= Self.longest else {
                throw metadata.failure(
                    GGUFTokens.tokensKey,
                    "the token \(id) has \(bytes.count) bytes; at most \(Self.longest) are expected"
                )
            }
            merges += Self.splits(bytes, ids, score: ranks[id])
        }
        // Ties keep the order of the tokens.
        let order = merges.indices.sorted { first, second in
            let (left, right) = (merges[first], merges[second])
            if left.score != right.score { return left.score > right.score }
            if left.leftLength != right.leftLength { return left.leftLength > right.leftLength }
            if left.rightLength != right.rightLength { return left.rightLength > right.rightLength }
            return first < second
        }
        json = order.map { [.string(pieces[merges[$0].left]), .string(pieces[merges[$0].right])] }
    }

    /// The ways to cut a piece into two between characters, ordered by the ids of both.
    private static func splits(
        _ bytes: [UInt8],
        _ ids: [ArraySlice<UInt8>: Int],
        score: Double
    ) -> [Merge] {
        let starts = bytes.indices.filter { bytes[$0] & 0xC0 != 0x80 }
        var merges: [Merge] = []
        for (length, start) in starts.enumerated().dropFirst() {
            guard let left = ids[bytes[..<start]], let right = ids[bytes[start...]] else {
                continue
            }
            merges.append(
                Merge(
                    left: left,
                    right: right,
                    score: score,
                    leftLength: length,
                    rightLength: starts.count - length
                )
            )
        }
        return merges.sorted { ($0.left, $0.right) < ($1.left, $1.right) }
    }
}
