import Basics

extension JSON {
    /// What differs from an earlier value: "data.0.weight was 1 and is 2", a line for each place.
    func changes(since old: JSON, at place: String) -> [String] {
        switch (old, self) {
        case (.object(let old), .object(let new)):
            let keys = old.keys + new.keys.filter { old[$0] == nil }
            return keys.flatMap { Self.changes(from: old[$0], to: new[$0], at: place, $0) }
        case (.array(let old), .array(let new)):
            return (0..<max(old.count, new.count)).flatMap { index in
                Self.changes(
                    from: index < old.count ? old[index] : nil,
                    to: index < new.count ? new[index] : nil,
                    at: place,
                    String(index)
                )
            }
        default:
            return self == old ? [] : ["\(place) was \(old.text()) and is \(text())"]
        }
    }

    /// The same of a member or an element, which may have come or gone.
    private static func changes(
        from old: JSON?,
        to new: JSON?,
        at place: String,
        _ key: String
    ) -> [String] {
        // Keys can have dots themselves, as "lm_head.gate".
        let key = key.contains(".") ? JSON.string(key).text() : key
        let place = place.isEmpty ? key : place + "." + key
        return switch (old, new) {
        case (let old?, let new?): new.changes(since: old, at: place)
        case (let old?, nil): ["\(place) was \(old.text()) and is gone"]
        case (nil, let new?): ["\(place) was not there and is \(new.text())"]
        case (nil, nil): []
        }
    }
}
