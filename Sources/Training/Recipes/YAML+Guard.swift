extension YAML {
    static let sizeLimit = "\(byteLimit >> 10) KiB"

    /// Refuses what could make the parser slow or overflow the stack.
    ///
    /// The nodes of Yams come too late: it hashes keys, which takes exponential time for nested
    /// aliases, and recurs at each level.
    static func check(_ text: String, source: String) throws(RecipeError) {
        guard text.utf8.count <= byteLimit else {
            throw .tooLarge(source: source, limit: sizeLimit)
        }
        var depth = 0
        var block: Int?
        for (index, line) in text.utf8.split(
            separator: UInt8(ascii: "\n"),
            omittingEmptySubsequences: false
        ).enumerated() {
            guard line.count <= lineLimit else {
                throw .tooLarge(source: source, limit: "\(lineLimit) bytes a line")
            }
            if let column = block, line.isBlank || line.indentation > column { continue }
            block = depth == 0 ? line.blockColumn : nil
            var scanner = LineScanner(line)
            while let mark = scanner.next() {
                switch mark {
                case .open: depth += 1
                case .close: depth -= 1
                case .unsupported(let feature):
                    throw .unsupported(source: source, line: index + 1, feature: feature)
                }
                guard depth <= flowDepthLimit else {
                    let limit = "\(flowDepthLimit) brackets in another (line \(index + 1))"
                    throw .tooLarge(source: source, limit: limit)
                }
            }
        }
    }
}

extension Substring.UTF8View.SubSequence {
    fileprivate var isBlank: Bool { allSatisfy { " \t\r".utf8.contains($0) } }

    fileprivate var indentation: Int { prefix { $0 == UInt8(ascii: " ") }.count }

    /// The column of a line that starts a block scalar; lines with more indentation are its text.
    fileprivate var blockColumn: Int? {
        var column = indentation
        var rest = dropFirst(column)
        var dash = column
        while rest.first == UInt8(ascii: "-"), rest.dropFirst().first == UInt8(ascii: " ") {
            dash = column
            let skipped = rest.dropFirst().prefix { $0 == UInt8(ascii: " ") }.count + 1
            column += skipped
            rest = rest.dropFirst(skipped)
        }
        let comment = rest.indices.first { index in
            rest[index] == UInt8(ascii: "#") && index > rest.startIndex
                && rest[rest.index(before: index)] == UInt8(ascii: " ")
        }
        let words = String(decoding: rest[..<(comment ?? rest.endIndex)], as: UTF8.self)
            .split { " \t\r".contains($0) }
        guard let last = words.last, let mark = last.first, mark == "|" || mark == ">",
            last.dropFirst().allSatisfy({ "+-0123456789".contains($0) })
        else { return nil }
        if words.count == 1 { return dash }
        return words[words.count - 2].hasSuffix(":") ? column : nil
    }
}

/// Finds brackets, anchors, aliases and tags outside quotes and comments.
private struct LineScanner {
    enum Mark {
        case open
        case close
        case unsupported(String)
    }

    private var rest: Substring.UTF8View.SubSequence
    private var quote: UInt8?
    private var before = UInt8(ascii: " ")

    init(_ line: Substring.UTF8View.SubSequence) { rest = line }

    mutating func next() -> Mark? {
        while let byte = rest.popFirst() {
            defer { before = byte }
            if let open = quote {
                if byte == open { quote = nil }
                continue
            }
            let begins = " \t[{,:-".utf8.contains(before)
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): return .open
            case UInt8(ascii: "]"), UInt8(ascii: "}"): return .close
            case UInt8(ascii: "\""), UInt8(ascii: "'"): if begins { quote = byte }
            case UInt8(ascii: "#"): if begins { rest = rest.suffix(0) }
            case UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"):
                guard begins, let after = rest.first, after != UInt8(ascii: " ") else { continue }
                return .unsupported(
                    byte == UInt8(ascii: "&")
                        ? "anchors" : byte == UInt8(ascii: "*") ? "aliases" : "tags"
                )
            default: break
            }
        }
        return nil
    }
}
