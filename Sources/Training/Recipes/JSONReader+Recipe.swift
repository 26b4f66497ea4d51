import Basics

extension JSONReader {
    /// The array `key` of strings, at least one; a single string serves as an array of one.
    func strings(_ key: String) throws(JSONFieldError) -> [String] {
        if case .string(let only)? = object[key], has(key) { return [only] }
        var strings: [String] = []
        for element in try array(key) {
            guard case .string(let text) = element else {
                throw failure(key, "an array of strings is expected, with \(element.kind) in it")
            }
            strings.append(text)
        }
        guard !strings.isEmpty else { throw failure(key, "at least one is expected") }
        return strings
    }

    /// The number `key` from 0 to 1.
    func share(_ key: String, default fallback: Double) throws(JSONFieldError) -> Double {
        let value = try number(key, default: fallback)
        guard (0...1).contains(value) else {
            throw failure(key, "\(value) is not from 0 to 1")
        }
        return value
    }

    /// The number `key`, above zero.
    func positive(_ key: String) throws(JSONFieldError) -> Double {
        let value = try number(key)
        guard value > 0 else { throw failure(key, "\(value) is not above zero") }
        return value
    }

    /// An integer, if products of it and a few others still fit.
    func bounded(_ value: Int, _ key: String) throws(JSONFieldError) -> Int {
        let limit = 1 << 30
        guard value <= limit else { throw failure(key, "\(value) is more than \(limit)") }
        return value
    }
}
