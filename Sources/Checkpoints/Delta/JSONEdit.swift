package import Basics

/// What makes one JSON value of another.
///
/// The order of members counts, so that the text of the result is that of the original.
package indirect enum JSONEdit: Sendable {
    /// Another value.
    case replaced(JSON)
    /// Members that are removed, those that are edited, and those that follow at the end.
    case object(removed: [String], edited: [(key: String, edit: JSONEdit)], added: JSON.Object)
    /// The first elements, and those that follow them.
    case array(kept: Int, appended: [JSON])

    /// What makes `result` of `base`; `nil` if they are the same, the order of members included.
    package init?(from base: JSON, to result: JSON) {
        switch (base, result) {
        case (.object(let base), .object(let result)):
            guard let edit = Self.objects(base, result) else { return nil }
            self = edit
        case (.array(let base), .array(let result)):
            let kept = zip(base, result).prefix { JSONEdit(from: $0, to: $1) == nil }.count
            guard kept < max(base.count, result.count) else { return nil }
            self = .array(kept: kept, appended: Array(result[kept...]))
        default:
            guard base != result else { return nil }
            self = .replaced(result)
        }
    }

    private static func objects(_ base: JSON.Object, _ result: JSON.Object) -> JSONEdit? {
        var removed: [String] = []
        var edited: [(key: String, edit: JSONEdit)] = []
        var kept: [String] = []
        for (key, value) in base.members {
            guard let successor = result[key] else {
                removed.append(key)
                continue
            }
            kept.append(key)
            if let edit = JSONEdit(from: value, to: successor) { edited.append((key, edit)) }
        }
        let members = result.members
        guard zip(kept, members).allSatisfy({ $0 == $1.key }) else {
            return .replaced(.object(result))
        }
        var added = JSON.Object()
        for (key, value) in members[kept.count...] { added[key] = value }
        if removed.isEmpty, edited.isEmpty, added.count == 0 { return nil }
        return .object(removed: removed, edited: edited, added: added)
    }

    /// The result for `base`.
    ///
    /// - Throws: ``DeltaProblem`` where the edit was made for another value.
    package func applied(to base: JSON) throws(DeltaProblem) -> JSON {
        switch (self, base) {
        case (.replaced(let value), _): return value
        case (.array(let kept, let appended), .array(let elements)):
            guard kept <= elements.count else {
                throw DeltaProblem("\(kept) elements are kept of \(elements.count)")
            }
            return .array(elements[..<kept] + appended)
        case (.object(let removed, let edited, let added), .object(let object)):
            return .object(try Self.apply(Set(removed), edited, added, to: object))
        case (.array, _): throw DeltaProblem("an array is edited, found \(base.kind)")
        case (.object, _): throw DeltaProblem("an object is edited, found \(base.kind)")
        }
    }

    private static func apply(
        _ removed: Set<String>,
        _ edited: [(key: String, edit: JSONEdit)],
        _ added: JSON.Object,
        to base: JSON.Object
    ) throws(DeltaProblem) -> JSON.Object {
        for key in removed.sorted() + edited.map(\.key) where base[key] == nil {
            throw DeltaProblem("the base has no member \(key.quoted())")
        }
        let edits = Dictionary(edited.map { ($0.key, $0.edit) }) { first, _ in first }
        var result = JSON.Object()
        for (key, value) in base.members where !removed.contains(key) {
            guard let edit = edits[key] else {
                result[key] = value
                continue
            }
            result[key] = try edit.applied(to: value)
        }
        for (key, value) in added.members {
            guard result[key] == nil else {
                throw DeltaProblem("the base has a member \(key.quoted()) already")
            }
            result[key] = value
        }
        return result
    }
}

extension JSONEdit {
    /// The edit as `delta.json` has it.
    package var json: JSON {
        switch self {
        case .replaced(let value): return ["value": value]
        case .array(let kept, let appended):
            return ["kept": .integer(kept), "appended": .array(appended)]
        case .object(let removed, let edited, let added):
            var members = JSON.Object()
            for (key, edit) in edited { members[key] = edit.json }
            var json: JSON.Object = ["members": .object(members)]
            if !removed.isEmpty { json["removed"] = .array(removed.map(JSON.string)) }
            if added.count > 0 { json["added"] = .object(added) }
            return .object(json)
        }
    }

    package init(_ reader: JSONReader) throws {
        if reader.object["value"] != nil {
            // Also the value null, which a reader does not tell from none.
            reader.ignore("value")
            self = .replaced(reader.object["value"] ?? .null)
        } else if reader.has("kept") {
            self = .array(
                kept: try reader.integer("kept", atLeast: 0),
                appended: try reader.array("appended")
            )
        } else {
            let members = try reader.nested("members")
            self = .object(
                removed: reader.has("removed") ? try reader.strings("removed") : [],
                edited: try members.object.keys.map { key in
                    (key, try JSONEdit(members.nested(key)))
                },
                added: reader.has("added")
                    ? try reader.unread("added") : JSON.Object()
            )
        }
    }
}

extension JSONReader {
    /// The object `key`, whose members may be any.
    fileprivate func unread(_ key: String) throws(JSONFieldError) -> JSON.Object {
        let nested = try nested(key)
        for key in nested.object.keys { nested.ignore(key) }
        return nested.object
    }
}
