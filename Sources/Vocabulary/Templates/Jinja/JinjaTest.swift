/// The tests of a template, as in `x is defined`.
enum JinjaTest: String {
    case defined, undefined, none, escaped, boolean, integer, float, number, string, mapping,
        sequence
    case iterable, callable, sameas, even, odd, divisibleby, lower, upper
    case isTrue = "true"
    case isFalse = "false"
    case isFilter = "filter"
    case isTest = "test"
    case isIn = "in"
    case eq, equalto, ne, lt, lessthan, le, gt, greaterthan, ge
}

extension JinjaInterpreter {
    mutating func test(_ value: JinjaValue, _ name: String, _ call: JinjaCall) throws(JinjaError)
        -> Bool
    {
        guard let test = JinjaTest(rawValue: name) else {
            throw JinjaError("no test is named '\(name)'")
        }
        return switch test {
        case .defined: if case .undefined = value { false } else { true }
        case .undefined: if case .undefined = value { true } else { false }
        case .none: if case .none = value { true } else { false }
        // No text is marked as HTML here.
        case .escaped: false
        case .boolean: if case .bool = value { true } else { false }
        case .isTrue: if case .bool(true) = value { true } else { false }
        case .isFalse: if case .bool(false) = value { true } else { false }
        case .integer: if case .integer = value { true } else { false }
        case .float: if case .number = value { true } else { false }
        case .number: value.asNumber != nil
        case .string: if case .string = value { true } else { false }
        case .mapping: if case .dictionary = value { true } else { false }
        case .sequence:
            switch value {
            case .list(let list): !list.isLazy
            case .string, .dictionary, .undefined: true
            default: false
            }
        case .iterable:
            switch value {
            case .list, .string, .dictionary, .undefined, .loop: true
            default: false
            }
        case .callable: if case .function = value { true } else { false }
        case .sameas: try value.isSame(as: call.required(0, "other"), &budget)
        case .even: try value.remainder(by: 2) == 0
        case .odd: try value.remainder(by: 2) == 1
        case .divisibleby: try value.remainder(by: call.integer(0, "num")) == 0
        case .lower, .upper: try value.isCased(test == .lower, &budget)
        case .isFilter: try JinjaFilter(rawValue: value.text(&budget)) != nil
        case .isTest: try JinjaTest(rawValue: value.text(&budget)) != nil
        case .isIn: try call.required(0, "seq").contains(value, &budget)
        case .eq, .equalto: try value.equals(call.required(0, "b"), &budget)
        case .ne: try !value.equals(call.required(0, "b"), &budget)
        case .lt, .lessthan: try value.isLess(than: call.required(0, "b"), &budget)
        case .gt, .greaterthan: try call.required(0, "b").isLess(than: value, &budget)
        case .le: try !call.required(0, "b").isLess(than: value, &budget)
        case .ge: try !value.isLess(than: call.required(0, "b"), &budget)
        }
    }
}

extension JinjaValue {
    fileprivate func remainder(by divisor: Int) throws(JinjaError) -> Int {
        guard let integer = asInteger else {
            throw JinjaError("an integer is expected, found \(try defined().typeName)")
        }
        guard divisor != 0 else { throw JinjaError("division by zero") }
        return abs(integer % divisor)
    }

    fileprivate func isCased(_ isLower: Bool, _ budget: inout JinjaBudget) throws(JinjaError)
        -> Bool
    {
        let text = try text(&budget)
        let isCased = text.unicodeScalars.contains { $0.properties.isCased }
        return isCased && text == (isLower ? text.lowercased() : text.uppercased())
    }

    fileprivate func isSame(as other: JinjaValue, _ budget: inout JinjaBudget) throws(JinjaError)
        -> Bool
    {
        switch (self, other) {
        case (.none, .none), (.undefined, .undefined): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer, .integer), (.string, .string), (.number, .number):
            try equals(other, &budget)
        case (.namespace(let left), .namespace(let right)): left === right
        default: false
        }
    }
}
