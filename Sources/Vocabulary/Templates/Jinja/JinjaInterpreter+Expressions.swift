extension JinjaInterpreter {
    mutating func evaluate(_ expression: JinjaExpression, _ scope: JinjaScope) throws(JinjaError)
        -> JinjaValue
    {
        try budget.enter()
        defer { budget.leave() }
        try budget.spend()
        switch expression {
        case .literal(let value): return value
        case .name(let name): return scope[name] ?? .undefined("'\(name)'")
        case .list(let elements, let isTuple):
            return .list(try JinjaList(try evaluate(elements, scope), isTuple: isTuple))
        case .dictionary(let members):
            var dictionary = JinjaDictionary()
            for (key, value) in members {
                try dictionary.set(try evaluate(key, scope), to: try evaluate(value, scope))
            }
            return .dictionary(dictionary)
        case .attribute(let owner, let name):
            return try attribute(name, of: try evaluate(owner, scope))
        case .item(let owner, let key):
            return try item(try evaluate(key, scope), of: try evaluate(owner, scope))
        case .slice(let owner, let from, let to, let step):
            let value = try evaluate(owner, scope)
            var bounds: [JinjaValue] = []
            for part in [from, to, step] {
                if let part {
                    bounds.append(try evaluate(part, scope))
                } else {
                    bounds.append(.none)
                }
            }
            return try slice(value, bounds)
        case .call(let callee, let arguments):
            let function = try evaluate(callee, scope)
            return try call(function, try evaluate(arguments, scope))
        case .filter(let value, let name, let arguments):
            let value = try evaluate(value, scope)
            return try filter(value, name, try evaluate(arguments, scope))
        case .test(let value, let name, let arguments, let isNegated):
            let value = try evaluate(value, scope)
            return .bool(try test(value, name, try evaluate(arguments, scope)) != isNegated)
        case .unary(let sign, let operand):
            return try apply(sign, to: try evaluate(operand, scope))
        case .binary(let left, let sign, let right):
            let left = try evaluate(left, scope)
            return try apply(sign, left, try evaluate(right, scope))
        case .comparison(let first, let others):
            return .bool(try compare(first, others, scope))
        case .concatenation(let parts):
            var text = ""
            for part in parts {
                text += try evaluate(part, scope).text(&budget)
                try budget.spend(bytes: text.utf8.count)
            }
            return .string(text)
        case .and(let left, let right):
            let value = try evaluate(left, scope)
            return value.isTrue ? try evaluate(right, scope) : value
        case .or(let left, let right):
            let value = try evaluate(left, scope)
            return value.isTrue ? value : try evaluate(right, scope)
        case .condition(let test, let then, let otherwise):
            if try evaluate(test, scope).isTrue { return try evaluate(then, scope) }
            guard let otherwise else { return .undefined("the value of an 'if' without 'else'") }
            return try evaluate(otherwise, scope)
        }
    }

    private mutating func evaluate(_ expressions: [JinjaExpression], _ scope: JinjaScope)
        throws(JinjaError) -> [JinjaValue]
    {
        var values: [JinjaValue] = []
        for expression in expressions { values.append(try evaluate(expression, scope)) }
        return values
    }

    mutating func evaluate(_ arguments: JinjaArguments, _ scope: JinjaScope) throws(JinjaError)
        -> JinjaCall
    {
        var call = JinjaCall(positional: try evaluate(arguments.positional, scope))
        for (name, value) in arguments.named {
            call.named.append((name, try evaluate(value, scope)))
        }
        if let spread = arguments.spread {
            call.positional += try evaluate(spread, scope).elements(&budget)
        }
        guard let spread = arguments.namedSpread else { return call }
        guard case .dictionary(let dictionary) = try evaluate(spread, scope).defined() else {
            throw JinjaError("a dictionary is expected after **")
        }
        for member in dictionary.members {
            guard case .string(let name) = member.key else {
                throw JinjaError("keywords must be strings")
            }
            guard !call.named.contains(where: { $0.name == name }) else {
                throw JinjaError("got multiple values for keyword argument '\(name)'")
            }
            call.named.append((name, member.value))
        }
        try budget.spend(dictionary.members.count)
        return call
    }

    private mutating func compare(
        _ first: JinjaExpression,
        _ others: [(JinjaComparison, JinjaExpression)],
        _ scope: JinjaScope
    ) throws(JinjaError) -> Bool {
        var left = try evaluate(first, scope)
        for (comparison, operand) in others {
            let right = try evaluate(operand, scope)
            let holds =
                switch comparison {
                case .equal: try left.equals(right, &budget)
                case .unequal: try !left.equals(right, &budget)
                case .less: try left.isLess(than: right, &budget)
                case .greater: try right.isLess(than: left, &budget)
                case .lessOrEqual: try !right.isLess(than: left, &budget)
                case .greaterOrEqual: try !left.isLess(than: right, &budget)
                case .isIn: try right.contains(left, &budget)
                case .isNotIn: try !right.contains(left, &budget)
                }
            guard holds else { return false }
            left = right
        }
        return true
    }

    // MARK: - Parts of values

    /// `owner.name`: a method or the like, otherwise a member.
    func attribute(_ name: String, of owner: JinjaValue) throws(JinjaError) -> JinjaValue {
        if let value = JinjaMethods.attribute(name, of: owner) { return value }
        if case .dictionary(let dictionary) = owner, let value = dictionary[name] { return value }
        return try missing(name, in: owner)
    }

    /// `owner[key]`: a member, otherwise a method or the like.
    func item(_ key: JinjaValue, of owner: JinjaValue) throws(JinjaError) -> JinjaValue {
        switch owner {
        case .dictionary(let dictionary):
            if let value = dictionary[key] { return value }
        case .list(let list):
            if let index = key.asInteger, !list.isLazy {
                return list.elements.at(index) ?? .undefined("element \(index)")
            }
        case .string(let text):
            if let index = key.asInteger {
                return Array(text.unicodeScalars).at(index).map { .string(String(Character($0))) }
                    ?? .undefined("element \(index)")
            }
        default: break
        }
        guard case .string(let name) = key else { return try missing("element", in: owner) }
        if let value = JinjaMethods.attribute(name, of: owner) { return value }
        return try missing(name, in: owner)
    }

    private func missing(_ name: String, in owner: JinjaValue) throws(JinjaError) -> JinjaValue {
        _ = try owner.defined()
        return .undefined("'\(owner.typeName) object' has no attribute '\(name)', which")
    }

    private mutating func slice(_ owner: JinjaValue, _ bounds: [JinjaValue]) throws(JinjaError)
        -> JinjaValue
    {
        var integers: [Int?] = []
        for bound in bounds {
            if case .none = bound {
                integers.append(nil)
            } else {
                guard let integer = bound.asInteger else {
                    throw JinjaError("a slice needs integers, not \(bound.typeName)")
                }
                integers.append(integer)
            }
        }
        guard integers[2] != 0 else { throw JinjaError("slice step cannot be zero") }
        switch try owner.defined() {
        case .list(let list):
            try budget.spend(list.elements.count)
            return .list(
                try JinjaList(list.elements.sliced(integers), isTuple: list.isTuple)
            )
        case .string(let text):
            try budget.spend(bytes: text.utf8.count)
            let scalars = Array(text.unicodeScalars).sliced(integers)
            return .string(String(String.UnicodeScalarView(scalars)))
        default: throw JinjaError("'\(owner.typeName)' has no slices")
        }
    }
}

extension Array {
    /// The element at an index; negative ones count from the end.
    fileprivate func at(_ index: Int) -> Element? {
        let place = index < 0 ? index + count : index
        return indices.contains(place) ? self[place] : nil
    }

    /// The elements from, to and by a step, as Python slices.
    fileprivate func sliced(_ bounds: [Int?]) -> [Element] {
        let step = bounds[2] ?? 1
        func place(_ bound: Int?, _ fallback: Int) -> Int {
            guard let bound else { return fallback }
            let low = step < 0 ? -1 : 0
            let high = step < 0 ? count - 1 : count
            return Swift.min(Swift.max(bound < 0 ? bound + count : bound, low), high)
        }
        let from = place(bounds[0], step < 0 ? count - 1 : 0)
        let to = place(bounds[1], step < 0 ? -1 : count)
        return stride(from: from, to: to, by: step).map { self[$0] }
    }
}
