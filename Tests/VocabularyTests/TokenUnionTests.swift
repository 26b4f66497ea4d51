import Basics
import Foundation
import Testing
import Vocabulary

/// Unions of the families' tokenizers, against `Fixtures/unions.py`.
@Suite struct TokenUnionTests {
    private static func tokenizer(_ name: String) throws -> (Tokenizer, JSON) {
        let path = "families/\(name)"
        return try (Tokenizer(json: Fixtures.json(path), source: path), Fixtures.json(path))
    }

    private static func ids(_ json: JSON) -> [TokenID] {
        guard case .array(let elements) = json else { return [] }
        return elements.compactMap { if case .integer(let id) = $0 { id } else { nil } }
    }

    private static func union(_ text: String, _ image: String, padding: (Int, Int) = (0, 0)) throws
        -> (text: Tokenizer, image: Tokenizer, union: TokenUnion)
    {
        let (first, json) = try tokenizer(text)
        let (second, _) = try tokenizer(image)
        let union = try TokenUnion(
            first,
            rows: first.space.count + padding.0,
            json: json,
            with: second,
            rows: second.space.count + padding.1
        )
        return (first, second, union)
    }

    /// Prevents rows of other tokens, and pieces that the reference would not split a text into.
    @Test("Matches the reference", arguments: 0..<4)
    func matchesTheReference(_ index: Int) throws {
        guard case .array(let pairs) = try Fixtures.json("unions") else { return }
        let golden = try JSONReader(pairs[index], source: "unions.json")
        let (text, _, union) = try Self.union(golden.string("text"), golden.string("image"))
        #expect(try union.appended == golden.strings("appended"))
        let rows = try golden.array("image_rows").map(Self.ids)
        #expect(union.rows == rows.count)
        for (id, expected) in rows.enumerated() {
            #expect(union.image.map[id].map(Int.init) == expected, "\(id)")
        }
        // Every id of the text parent is its own row.
        for id in 0..<text.space.count { #expect(union.text.map[id].map(Int.init) == [id]) }
    }

    /// Prevents a fused tokenizer that splits texts differently, or that does not know an image.
    @Test("Keeps the text parents text and the image parents codes")
    func keepsTheTextParentsTextAndTheImageParentsCodes() throws {
        let (text, image, union) = try Self.union("llama3", "chameleon")
        for string in try Family.strings().prefix(200) {
            #expect(union.tokenizer.encode(string) == text.encode(string))
        }
        let space = union.tokenizer.space
        #expect(space.image == 706..<834 && image.space.image.count == 128)
        for code in 0..<128 {
            let rows = union.image.map[space.token(imageCode: code)].map(Int.init)
            #expect(rows == [image.space.token(imageCode: code)])
            #expect(union.text.cases[space.token(imageCode: code)] == .absent)
        }
        let start = union.image.map[space[.imageStart]].map(Int.init)
        #expect(start == [image.space[.imageStart]])
    }

    /// Prevents rows that no token uses from being lost, or taken for a token's.
    @Test("Unused rows stand at the end") func unusedRowsStandAtTheEnd() throws {
        let (text, image, union) = try Self.union("llama3", "chameleon", padding: (3, 5))
        let end = union.tokenizer.space.count
        #expect(union.rows == end + 5)
        let ofText = (end..<union.rows).map { union.text.map[$0].map(Int.init) }
        let count = text.space.count
        #expect(ofText == [[count], [count + 1], [count + 2], [], []])
        let ofImage = (end..<union.rows).map { union.image.map[$0].map(Int.init) }
        #expect(ofImage == (0..<5).map { [image.space.count + $0] })
        #expect(union.text.count(of: .unused) == 5)
        #expect(union.image.leftOut > 0)
    }
}
