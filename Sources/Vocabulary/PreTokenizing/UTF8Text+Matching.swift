/// The alternatives that several patterns share.
extension UTF8Text {
    /// The end of `'s|'t|'re|'ve|'m|'ll|'d` at `start`, if it matches.
    func endOfContraction(from start: Int, ignoringCase: Bool) -> Int? {
        guard bytes[start] == UInt8(ascii: "'"), start + 1 < self.end else { return nil }
        // The long s folds to s, as in the reference's engine.
        if ignoringCase, spells("ſ", at: start + 1) { return start + 3 }
        switch letter(at: start + 1, ignoringCase) {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
            return start + 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"):
            return letter(at: start + 2, ignoringCase) == UInt8(ascii: "e") ? start + 3 : nil
        case UInt8(ascii: "l"):
            return letter(at: start + 2, ignoringCase) == UInt8(ascii: "l") ? start + 3 : nil
        default:
            return nil
        }
    }

    /// The end of `\s+(?!\S)|\s+` at `start`: the white space, without its last scalar if a
    /// non-space follows.
    func endOfWhitespace(from start: Int) -> Int {
        var last = start
        var end = start
        while let next = scalar(at: end), next.class.isWhitespace {
            last = end
            end = next.end
        }
        return end == self.end || last == start ? end : last
    }

    /// The end of `\s*[\r\n]+` at `start`: the last newline of a run of white space.
    func endOfLines(from start: Int) -> Int? {
        var lineEnd: Int?
        var end = start
        while let next = scalar(at: end), next.class.isWhitespace {
            end = next.end
            if next.class == .newline { lineEnd = end }
        }
        return lineEnd
    }

    /// The ASCII letter at `offset`, lowercased if case is ignored.
    private func letter(at offset: Int, _ ignoringCase: Bool) -> UInt8? {
        guard offset < end else { return nil }
        let byte = bytes[offset]
        let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        return ignoringCase && isCapital ? byte + 0x20 : byte
    }
}
