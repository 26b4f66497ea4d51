extension UTF8Text {
    /// The text with each match of a pattern replaced.
    func replacing(_ pattern: SplitPattern, by content: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(end)
        var matcher = pattern.matcher(of: self)
        var place = 0
        while let next = value(at: place) {
            if let end = matcher.endOfMatch(at: place) {
                result += content
                place = end
            } else {
                result += bytes[place..<next.end]
                place = next.end
            }
        }
        return result
    }

    /// The text without white space at its beginning or its end.
    func stripped(left: Bool, right: Bool) -> [UInt8] {
        var start = 0
        var end = self.end
        while left, let next = scalar(at: start), next.class.isWhitespace { start = next.end }
        while right, end > start {
            var last = end - 1
            while last > start, bytes[last] & 0xC0 == 0x80 { last -= 1 }
            guard scalar(at: last)?.class.isWhitespace == true else { break }
            end = last
        }
        return Array(bytes[start..<end])
    }

    /// The text in lowercase, character by character without context (the Unicode Standard, section
    /// 3.13), in Unicode 17, the version of the reference.
    func lowercased() -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(end)
        var place = 0
        while let next = value(at: place) {
            if next.value < 0x80 {
                let isCapital = (0x41...0x5A).contains(next.value)
                result.append(isCapital ? bytes[place] + 0x20 : bytes[place])
            } else if let scalar = Unicode.Scalar(next.value),
                scalar.properties.changesWhenLowercased,
                ScalarClass.isAssigned(scalar.properties, in: 17)
            {
                result += scalar.properties.lowercaseMapping.utf8
            } else {
                result += bytes[place..<next.end]
            }
            place = next.end
        }
        return result
    }
}
