import Foundation

extension JinjaInterpreter {
    mutating func call(_ callee: JinjaValue, _ call: JinjaCall) throws(JinjaError) -> JinjaValue {
        guard case .function(let function) = callee else {
            if case .loop(let loop) = callee, let again = loop.again {
                return try self.call(.function(again), call)
            }
            throw JinjaError("'\(try callee.defined().typeName)' object is not callable")
        }
        switch function {
        case .range: return try range(call)
        case .dictionary: return .dictionary(try makeDictionary(call))
        case .namespace:
            let namespace = makeNamespace()
            for member in try makeDictionary(call).members {
                guard case .string(let name) = member.key, !name.hasPrefix("_") else {
                    throw JinjaError("a namespace has names without '_' as attributes")
                }
                namespace[name] = member.value
            }
            return .namespace(namespace)
        case .raise:
            var error = JinjaError(try call.required(0, "message").text(&budget))
            error.isRaised = true
            throw error
        case .formatNow: return .string(try formatNow(call.text(0, "format")))
        case .macro(let macro), .caller(let macro): return try run(macro, call)
        case .method(let owner, let name):
            return try JinjaMethods.call(name, of: owner, call, &budget)
        case .loopAgain(let body):
            let elements = try call.required(0, "iterable")
            let text = try captureLoop(body, elements)
            return .string(text)
        }
    }

    private mutating func captureLoop(_ body: JinjaLoopBody, _ elements: JinjaValue)
        throws(JinjaError) -> String
    {
        try capturing { interpreter throws(JinjaError) in
            try interpreter.run(body.loop, over: elements, body.scope, depth: body.depth + 1)
        }
    }

    private mutating func run(_ macro: JinjaMacro, _ call: JinjaCall) throws(JinjaError)
        -> JinjaValue
    {
        try budget.spend()
        let scope = JinjaScope(in: macro.scope)
        let count = macro.parameters.count
        for (index, parameter) in macro.parameters.enumerated() {
            if let value = call.value(index, parameter.name) {
                scope[parameter.name] = value
            } else if let fallback = parameter.fallback {
                scope[parameter.name] = try evaluate(fallback, scope)
            } else {
                scope[parameter.name] = .undefined("parameter '\(parameter.name)'")
            }
        }
        let names = Set(macro.parameters.map(\.name))
        let others = call.named.filter { !names.contains($0.name) && $0.name != "caller" }
        scope["varargs"] = .list(
            try JinjaList(Array(call.positional.dropFirst(count)), isTuple: true)
        )
        var rest = JinjaDictionary()
        for (name, value) in others { try rest.set(.string(name), to: value) }
        scope["kwargs"] = .dictionary(rest)
        if !names.contains("caller") {
            scope["caller"] =
                call.named.first { $0.name == "caller" }?.value ?? .undefined("'caller'")
        }
        return .string(try capture(macro.body, scope))
    }

    private mutating func range(_ call: JinjaCall) throws(JinjaError) -> JinjaValue {
        let first = try call.integer(0, "start")
        let (from, to) =
            call.positional.count > 1 ? (first, try call.integer(1, "stop")) : (0, first)
        let step = try call.integer(2, "step", default: 1)
        guard step != 0 else { throw JinjaError("the step of 'range' is zero") }
        let limit = JinjaBudget.maximumRange
        let span = Double(to) - Double(from)
        guard span / Double(step) <= Double(limit) else {
            throw JinjaError("range has more than \(limit) numbers")
        }
        let elements = stride(from: from, to: to, by: step).map(JinjaValue.integer)
        try budget.spend(elements.count)
        return .list(try JinjaList(elements))
    }

    private mutating func makeDictionary(_ call: JinjaCall) throws(JinjaError) -> JinjaDictionary {
        var dictionary = JinjaDictionary()
        if let first = call.positional.first {
            switch first {
            case .dictionary(let other): dictionary = other
            default:
                for pair in try first.defined().elements(&budget) {
                    let sides = try pair.elements(&budget)
                    guard sides.count == 2 else { throw JinjaError("a pair is expected") }
                    try dictionary.set(sides[0], to: sides[1])
                }
            }
        }
        for (name, value) in call.named { try dictionary.set(.string(name), to: value) }
        try budget.spend(dictionary.members.count)
        return dictionary
    }

    private func formatNow(_ format: String) throws(JinjaError) -> String {
        guard format.utf8.count <= 256 else { throw JinjaError("the format of a date is too long") }
        var seconds = time_t(now.timeIntervalSince1970)
        var parts = tm()
        localtime_r(&seconds, &parts)
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = strftime(&buffer, buffer.count, format, &parts)
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
