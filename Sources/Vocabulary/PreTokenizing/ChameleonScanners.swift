/// Matches the patterns that Chameleon's tokenizer splits at first.
///
/// Each returns the end of its match at `start`, or `nil`.
enum ChameleonScanners {
    /// Matches `<sentinel:[0-9]+>`.
    static func endOfSentinel(in text: UTF8Text, from start: Int) -> Int? {
        guard text.spells("<sentinel:", at: start) else { return nil }
        let digits = start + 10
        var end = digits
        while end < text.end, (0x30...0x39).contains(text.bytes[end]) { end += 1 }
        return end > digits && text.spells(">", at: end) ? end + 1 : nil
    }

    /// Matches `(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z`.
    static func endOfImageCode(in text: UTF8Text, from start: Int) -> Int? {
        guard text.spells("IMGIMG", at: start) else { return nil }
        let letters = start + 6
        var end = letters
        while end < text.end, end < letters + 4, (0x41...0x49).contains(text.bytes[end]) {
            end += 1
        }
        return end > letters && text.spells("Z", at: end) ? end + 1 : nil
    }

    /// Matches `([\t\n]|    |  )`.
    static func endOfSpaces(in text: UTF8Text, from start: Int) -> Int? {
        switch text.bytes[start] {
        case UInt8(ascii: "\t"), UInt8(ascii: "\n"): start + 1
        case UInt8(ascii: " ") where text.spells("    ", at: start): start + 4
        case UInt8(ascii: " ") where text.spells("  ", at: start): start + 2
        default: nil
        }
    }
}
