extension UTF8Text {
    /// The text with each run of white space replaced by one space.
    func joiningSpaces() -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(end)
        var place = 0
        var isInSpaces = false
        while let next = scalar(at: place) {
            if !next.class.isWhitespace {
                result += bytes[place..<next.end]
            } else if !isInSpaces {
                result.append(UInt8(ascii: " "))
            }
            isInSpaces = next.class.isWhitespace
            place = next.end
        }
        return result
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
