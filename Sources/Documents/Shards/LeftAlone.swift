package import Basics

/// What a shard has besides its documents, counted by kind.
package struct LeftAlone: Sendable {
    /// A kind of member of an archive that no document is made of.
    enum Kind: Sendable, Hashable {
        /// A name that begins with a dot, as the `._0.png` that a Mac adds.
        case hidden
        /// A name that is no key and suffix, such as `README`.
        case noSuffix
        /// A link, a device, a pipe: it has no bytes of its own.
        case noFile(String)
        /// A member of a sample by its suffix, such as `.cls`.
        case suffix(String)
        /// A suffix that is long or odd, or one of too many.
        case otherSuffix
    }

    private static let mostKinds = 32

    private var found: [Kind: (count: Int, example: String)] = [:]

    package init() {}

    package var isEmpty: Bool { found.isEmpty }

    mutating func add(_ kind: Kind, _ name: String) {
        var kind = kind
        if case .suffix(let suffix) = kind {
            let isPlain =
                suffix.utf8.count <= 16
                && suffix.utf8.allSatisfy { byte in
                    UnicodeScalar(byte).properties.isAlphabetic && byte < 0x80
                        || (0x30...0x39).contains(byte) || byte == 0x5F || byte == 0x2D
                }
            let isOneTooMany = found.count >= Self.mostKinds && found[kind] == nil
            if !isPlain || isOneTooMany { kind = .otherSuffix }
        }
        found[kind, default: (0, name.brief(60))].count += 1
    }

    package mutating func add(_ other: LeftAlone) {
        for (kind, (count, example)) in other.found {
            found[kind, default: (0, example)].count += count
        }
    }

    /// The kinds as words and how often each was found, the most frequent first.
    package var counts: [(kind: String, count: Int, example: String)] {
        found.map { (kind: Self.words($0.key), count: $0.value.count, example: $0.value.example) }
            .sorted { a, b in (b.count, a.kind) < (a.count, b.kind) }
    }

    /// One line: `12 × .cls, 2 × hidden (._0.png)`.
    package var summary: String {
        counts.map { kind, count, example in
            "\(count) × \(kind)" + (kind.hasPrefix(".") ? "" : " (\(example))")
        }.joined(separator: ", ")
    }

    /// One object a kind: what it is, how often, and the first one's name.
    package var json: JSON {
        .array(
            counts.map { kind, count, example in
                ["kind": .string(kind), "count": .integer(count), "example": .string(example)]
            }
        )
    }

    private static func words(_ kind: Kind) -> String {
        switch kind {
        case .hidden: "hidden"
        case .noSuffix: "no sample"
        case .noFile(let what): what
        case .suffix(let suffix): "." + suffix
        case .otherSuffix: "other suffixes"
        }
    }
}
