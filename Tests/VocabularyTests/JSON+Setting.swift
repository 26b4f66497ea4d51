import Basics

extension JSON {
    /// The value with the member at `path`, as `model.type`, set; a number is a place in an array.
    func setting(_ path: String, to value: JSON?) -> JSON {
        setting(path.split(separator: ".").map(String.init)[...], to: value) ?? .null
    }

    private func setting(_ path: ArraySlice<String>, to value: JSON?) -> JSON? {
        guard let first = path.first else { return value }
        switch self {
        case .object(var object):
            object[first] = (object[first] ?? .null).setting(path.dropFirst(), to: value)
            return .object(object)
        case .array(var elements):
            guard let index = Int(first), elements.indices.contains(index) else { return self }
            elements[index] = elements[index].setting(path.dropFirst(), to: value) ?? .null
            return .array(elements)
        default:
            return self
        }
    }
}
