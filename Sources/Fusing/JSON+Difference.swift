import Basics

extension JSON {
    /// The first difference of two values, such as `model.vocab.cat: 17, not 19`; `nil` if they are
    /// equal.
    func firstDifference(from other: JSON, at path: String = "") -> String? {
        if self == other { return nil }
        switch (self, other) {
        case (.object(let left), .object(let right)):
            for (key, value) in left.members {
                let place = path.isEmpty ? key : path + "." + key
                guard let counterpart = right[key] else { return "\(place): missing in the second" }
                if let found = value.firstDifference(from: counterpart, at: place) { return found }
            }
            let extra = right.keys.first { left[$0] == nil }
            return extra.map { "\(path.isEmpty ? $0 : path + "." + $0): missing in the first" }
        case (.array(let left), .array(let right)):
            for (index, pair) in zip(left, right).enumerated() {
                let place = "\(path)[\(index)]"
                if let found = pair.0.firstDifference(from: pair.1, at: place) { return found }
            }
            return "\(path): \(left.count) elements, not \(right.count)"
        default:
            return "\(path.isEmpty ? "(top)" : path): \(kind), not \(other.kind)"
        }
    }
}
