extension JinjaInterpreter {
    /// The value at a path of attributes and indices, as `function.name`.
    private func member(_ path: JinjaValue, of value: JinjaValue) throws(JinjaError) -> JinjaValue {
        guard case .string(let text) = path else { return try item(path, of: value) }
        var value = value
        for part in text.split(separator: ".") {
            let key = Int(part).map(JinjaValue.integer) ?? .string(String(part))
            value = try item(key, of: value)
        }
        return value
    }

    /// The elements with `separator` between them.
    mutating func join(_ value: JinjaValue, _ call: JinjaCall) throws(JinjaError) -> String {
        let separator = try call.value(0, "d")?.text(&budget) ?? ""
        let path = call.value(1, "attribute")
        var text = ""
        for (index, element) in try value.elements(&budget).enumerated() {
            let part =
                try path.map { path throws(JinjaError) in try member(path, of: element) } ?? element
            if index > 0 { text += separator }
            text += try part.text(&budget)
            try budget.spend(bytes: separator.utf8.count)
            guard text.utf8.count <= JinjaBudget.maximumBytes else {
                throw JinjaError("makes a text of more than \(JinjaBudget.maximumBytes) bytes")
            }
        }
        return text
    }

    /// The attribute of each element, or the result of a filter for it.
    mutating func map(_ value: JinjaValue, _ call: JinjaCall) throws(JinjaError) -> JinjaValue {
        guard value.isTrue else { return .list(try JinjaList([], isLazy: true)) }
        let path =
            call.positional.isEmpty ? call.named.first { $0.name == "attribute" }?.value : nil
        let fallback = call.named.first { $0.name == "default" }?.value
        let name = path == nil ? try call.text(0, "filter") : ""
        var mapped: [JinjaValue] = []
        for element in try value.elements(&budget) {
            guard let path else {
                mapped.append(try filter(element, name, call.dropFirst()))
                continue
            }
            let found = try member(path, of: element)
            if case .undefined = found {
                mapped.append(fallback ?? found)
            } else {
                mapped.append(found)
            }
        }
        return .list(try JinjaList(mapped, isLazy: true))
    }

    /// The elements for which a test is true, or false.
    mutating func select(_ value: JinjaValue, _ filter: JinjaFilter, _ call: JinjaCall)
        throws(JinjaError) -> JinjaValue
    {
        guard value.isTrue else { return .list(try JinjaList([], isLazy: true)) }
        let hasPath = filter == .selectattr || filter == .rejectattr
        let isWanted = filter == .select || filter == .selectattr
        let path = hasPath ? try call.required(0, "attribute") : .none
        let rest = call.dropFirst(hasPath ? 1 : 0)
        let name = rest.positional.isEmpty ? nil : try rest.text(0, "test")
        var kept: [JinjaValue] = []
        for element in try value.elements(&budget) {
            let tested = hasPath ? try member(path, of: element) : element
            let holds =
                try name.map { name throws(JinjaError) in
                    try test(tested, Self.spelledOut(name), rest.dropFirst())
                } ?? tested.isTrue
            if holds == isWanted { kept.append(element) }
        }
        return .list(try JinjaList(kept, isLazy: true))
    }

    /// The test for an operator, as in `selectattr('role', '==', 'user')`.
    private static func spelledOut(_ name: String) -> String {
        ["==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"][name] ?? name
    }

    // MARK: - Order

    mutating func order(_ value: JinjaValue, _ filter: JinjaFilter, _ call: JinjaCall)
        throws(JinjaError) -> JinjaValue
    {
        switch filter {
        case .sort:
            let sorted = try sorted(
                try value.elements(&budget),
                by: call.value(2, "attribute"),
                isCased: call.flag(1, "case_sensitive"),
                isReversed: call.flag(0, "reverse")
            )
            return .list(try JinjaList(sorted))
        case .dictsort:
            guard case .dictionary(let dictionary) = value else {
                throw JinjaError("'dictsort' needs a dictionary, found \(value.typeName)")
            }
            let isByValue = try call.text(1, "by", default: "key") == "value"
            let sorted = try sorted(
                try dictionary.pairs(),
                by: .integer(isByValue ? 1 : 0),
                isCased: call.flag(0, "case_sensitive"),
                isReversed: call.flag(2, "reverse")
            )
            return .list(try JinjaList(sorted))
        case .min, .max:
            let sorted = try sorted(
                try value.elements(&budget),
                by: call.value(1, "attribute"),
                isCased: call.flag(0, "case_sensitive"),
                isReversed: filter == .max
            )
            return sorted.first ?? .undefined("the \(filter.rawValue) of nothing")
        case .unique:
            var seen: [JinjaValue] = []
            var kept: [JinjaValue] = []
            for element in try value.elements(&budget) {
                let path = call.value(1, "attribute")
                let key = try key(of: element, path, isCased: call.flag(0, "case_sensitive"))
                if try JinjaValue.list(JinjaList(seen)).contains(key, &budget) { continue }
                seen.append(key)
                kept.append(element)
            }
            return .list(try JinjaList(kept, isLazy: true))
        default: return try groups(of: value, call)
        }
    }

    /// The attributes of `path`, which has commas between them, as one key.
    private func keys(of element: JinjaValue, _ path: JinjaValue?, isCased: Bool)
        throws(JinjaError) -> JinjaValue
    {
        guard case .string(let text)? = path, text.contains(",") else {
            return try key(of: element, path, isCased: isCased)
        }
        var keys: [JinjaValue] = []
        for part in JinjaText.split(text, by: ",") {
            keys.append(try key(of: element, .string(part), isCased: isCased))
        }
        return .list(try JinjaList(keys))
    }

    private func key(
        of element: JinjaValue,
        _ path: JinjaValue?,
        isCased: Bool,
        default fallback: JinjaValue? = nil
    ) throws(JinjaError) -> JinjaValue {
        var key =
            try path.map { path throws(JinjaError) in try member(path, of: element) } ?? element
        if case .undefined = key, let fallback { key = fallback }
        guard case .string(let text) = key, !isCased else { return key }
        return .string(text.lowercased())
    }

    /// Merge sort: stable, and each comparison may throw.
    private mutating func sorted(
        _ elements: [JinjaValue],
        by path: JinjaValue?,
        isCased: Bool,
        isReversed: Bool,
        default fallback: JinjaValue? = nil
    ) throws(JinjaError) -> [JinjaValue] {
        var keyed: [(key: JinjaValue, value: JinjaValue)] = []
        for element in elements {
            let key =
                fallback == nil
                ? try keys(of: element, path, isCased: isCased)
                : try key(of: element, path, isCased: isCased, default: fallback)
            keyed.append((key, element))
        }
        var width = 1
        while width < keyed.count {
            var merged: [(key: JinjaValue, value: JinjaValue)] = []
            for start in stride(from: 0, to: keyed.count, by: 2 * width) {
                var left = keyed[start..<Swift.min(start + width, keyed.count)]
                var right = keyed[left.endIndex..<Swift.min(start + 2 * width, keyed.count)]
                while let first = left.first, let second = right.first {
                    let takesRight =
                        isReversed
                        ? try first.key.isLess(than: second.key, &budget)
                        : try second.key.isLess(than: first.key, &budget)
                    merged.append(takesRight ? right.removeFirst() : left.removeFirst())
                }
                merged += left + right
            }
            keyed = merged
            width *= 2
        }
        return keyed.map(\.value)
    }

    private mutating func groups(of value: JinjaValue, _ call: JinjaCall) throws(JinjaError)
        -> JinjaValue
    {
        let path = try call.required(0, "attribute")
        let fallback = call.value(1, "default")
        let isCased = call.flag(2, "case_sensitive")
        let sorted = try sorted(
            try value.elements(&budget),
            by: path,
            isCased: isCased,
            isReversed: false,
            default: fallback
        )
        var groups: [(key: JinjaValue, elements: [JinjaValue])] = []
        for element in sorted {
            let key = try key(of: element, path, isCased: isCased, default: fallback)
            if let last = groups.last, try last.key.equals(key, &budget) {
                groups[groups.count - 1].elements.append(element)
            } else {
                groups.append((key, [element]))
            }
        }
        var pairs: [JinjaValue] = []
        for (_, elements) in groups {
            let name = try key(of: elements[0], path, isCased: true, default: fallback)
            let members: [JinjaValue] = [name, .list(try JinjaList(elements))]
            pairs.append(.list(try JinjaList(members, isTuple: true, isGroup: true)))
        }
        return .list(try JinjaList(pairs))
    }

    mutating func sum(_ value: JinjaValue, _ call: JinjaCall) throws(JinjaError) -> JinjaValue {
        let path = call.value(0, "attribute")
        var total = call.value(1, "start") ?? .integer(0)
        for element in try value.elements(&budget) {
            let part =
                try path.map { path throws(JinjaError) in try member(path, of: element) } ?? element
            total = try apply(.plus, total, part)
        }
        return total
    }

    mutating func batch(_ value: JinjaValue, _ call: JinjaCall) throws(JinjaError) -> JinjaValue {
        let size = try call.integer(0, "linecount")
        guard size > 0 else { throw JinjaError("'batch' takes a size of 1 or more") }
        var batches: [[JinjaValue]] = []
        for (index, element) in try value.elements(&budget).enumerated() {
            if index % size == 0 { batches.append([]) }
            batches[batches.count - 1].append(element)
        }
        let fill = call.value(1, "fill_with") ?? .none
        if !fill.isNone, let last = batches.last {
            try budget.spend(size - last.count)
            batches[batches.count - 1] += Array(repeating: fill, count: size - last.count)
        }
        var lists: [JinjaValue] = []
        for batch in batches { lists.append(.list(try JinjaList(batch))) }
        return .list(try JinjaList(lists, isLazy: true))
    }

    /// The elements in `slices` lists of nearly the same length.
    mutating func slice(_ value: JinjaValue, _ call: JinjaCall) throws(JinjaError) -> JinjaValue {
        let count = try call.integer(0, "slices")
        guard count > 0 else { throw JinjaError("'slice' takes a count of 1 or more") }
        let elements = try value.elements(&budget)
        try budget.spend(count)
        let (size, longer) = elements.count.quotientAndRemainder(dividingBy: count)
        var lists: [JinjaValue] = []
        var start = 0
        for index in 0..<count {
            let end = start + size + (index < longer ? 1 : 0)
            var part = Array(elements[start..<end])
            if let fill = call.value(1, "fill_with"), !fill.isNone, index >= longer {
                part.append(fill)
            }
            lists.append(.list(try JinjaList(part)))
            start = end
        }
        return .list(try JinjaList(lists, isLazy: true))
    }
}
