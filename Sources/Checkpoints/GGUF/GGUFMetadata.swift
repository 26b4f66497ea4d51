import Basics

/// The typed metadata of a GGUF file; errors name the key.
struct GGUFMetadata: Sendable {
    let path: String
    let values: [String: GGUFValue]

    func has(_ key: String) -> Bool { values[key] != nil }

    func failure(_ key: String, _ problem: String) -> GGUFError {
        GGUFError(path: path, problem: "\(key.brief(160)): \(problem)")
    }

    /// An integer, also one of a list of equal ones, as files with a value for each layer have.
    func integer(_ key: String) throws(GGUFError) -> Int? {
        switch values[key] {
        case nil: return nil
        case .integer(let value): return value
        case .integers(let list):
            guard let first = list.first, list.allSatisfy({ $0 == first }) else {
                throw failure(key, "differs between layers, which is not supported")
            }
            return first
        case let other?: throw failure(key, "an integer is expected, found \(other.kind)")
        }
    }

    func requiredInteger(_ key: String) throws(GGUFError) -> Int {
        guard let value = try integer(key) else { throw failure(key, "is missing") }
        return value
    }

    /// A finite number.
    func number(_ key: String) throws(GGUFError) -> Double? {
        switch values[key] {
        case nil: return nil
        case .integer(let value): return Double(value)
        case .number(let value) where value.isFinite: return value
        case let other?: throw failure(key, "a number is expected, found \(other.kind)")
        }
    }

    func bool(_ key: String) throws(GGUFError) -> Bool? {
        switch values[key] {
        case nil: return nil
        case .bool(let value): return value
        case let other?: throw failure(key, "true or false is expected, found \(other.kind)")
        }
    }

    func string(_ key: String) throws(GGUFError) -> String? {
        switch values[key] {
        case nil: return nil
        case .string(let text): return text
        case let other?: throw failure(key, "a string is expected, found \(other.kind)")
        }
    }

    func requiredString(_ key: String) throws(GGUFError) -> String {
        guard let value = try string(key) else { throw failure(key, "is missing") }
        return value
    }

    func strings(_ key: String) throws(GGUFError) -> [String]? {
        switch values[key] {
        case nil: return nil
        case .strings(let list): return list
        case let other?: throw failure(key, "strings are expected, found \(other.kind)")
        }
    }

    func integers(_ key: String) throws(GGUFError) -> [Int]? {
        switch values[key] {
        case nil: return nil
        case .integers(let list): return list
        case let other?: throw failure(key, "integers are expected, found \(other.kind)")
        }
    }

    func numbers(_ key: String) throws(GGUFError) -> [Double]? {
        switch values[key] {
        case nil: return nil
        case .numbers(let list): return list
        case let other?: throw failure(key, "numbers are expected, found \(other.kind)")
        }
    }
}
