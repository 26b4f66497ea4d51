/// A pattern as instructions, which only lead forward.
struct RegexProgram: Sendable, Hashable {
    enum Instruction: Sendable, Hashable {
        /// One scalar of the test with this index.
        case set(Int)
        /// A run of scalars of a test; `memo` numbers the runs without limit.
        case run(test: Int, least: Int, most: Int, isPossessive: Bool, memo: Int)
        /// The next instruction, and if that fails this one.
        case split(Int)
        case jump(Int)
        /// The following instructions, up to `accept`, look ahead; then comes `after`.
        case lookahead(isNegative: Bool, after: Int)
        case lineEnd
        case accept
    }

    private(set) var instructions: [Instruction] = []
    private(set) var tests: [ScalarTest] = []
    private(set) var memoCount = 0

    /// The most instructions, and how many of them may choose; real patterns have about 100 and 40.
    ///
    /// A match takes a stack frame for each choice.
    private static let limits = (instructions: 1024, choices: 256)

    /// Compiles a pattern.
    init(_ pattern: String) throws(RegexError) {
        try self.init(RegexParser.parse(pattern))
    }

    /// The program that finds a string, which is not empty.
    init(literal: String) {
        for scalar in literal.unicodeScalars {
            instructions.append(.set(index(of: .scalar(scalar.value))))
        }
        instructions.append(.accept)
    }

    private init(_ node: RegexNode) throws(RegexError) {
        try add(node)
        instructions.append(.accept)
        let choices = instructions.count { instruction in
            switch instruction {
            case .split, .run, .lookahead: true
            case .set, .jump, .lineEnd, .accept: false
            }
        }
        guard choices <= Self.limits.choices else {
            throw RegexError(problem: "a pattern this large")
        }
    }

    private mutating func add(_ node: RegexNode) throws(RegexError) {
        guard instructions.count < Self.limits.instructions else {
            throw RegexError(problem: "a pattern this large")
        }
        switch node {
        case .set(let set): instructions.append(.set(index(of: set)))
        case .sequence(let parts): for part in parts { try add(part) }
        case .choice(let parts): try addChoice(parts)
        case .repeated(.set(let set), let least, let most, let isPossessive):
            let test = index(of: set)
            instructions.append(
                .run(
                    test: test,
                    least: least,
                    most: most,
                    isPossessive: isPossessive,
                    memo: memoCount
                )
            )
            if most == .max { memoCount += 1 }
        case .repeated(let part, let least, let most, _):
            for _ in 0..<least { try add(part) }
            var splits: [Int] = []
            for _ in least..<most {
                splits.append(instructions.count)
                instructions.append(.split(0))
                try add(part)
            }
            for split in splits { instructions[split] = .split(instructions.count) }
        case .lookahead(let part, let isNegative):
            let start = instructions.count
            instructions.append(.accept)
            try add(part)
            instructions.append(.accept)
            instructions[start] = .lookahead(isNegative: isNegative, after: instructions.count)
        case .lineEnd: instructions.append(.lineEnd)
        }
    }

    private mutating func addChoice(_ parts: [RegexNode]) throws(RegexError) {
        var jumps: [Int] = []
        for (index, part) in parts.enumerated() {
            guard index < parts.count - 1 else {
                try add(part)
                break
            }
            let split = instructions.count
            instructions.append(.split(0))
            try add(part)
            jumps.append(instructions.count)
            instructions.append(.jump(0))
            instructions[split] = .split(instructions.count)
        }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
    }

    private mutating func index(of set: ScalarSet) -> Int {
        let test = ScalarTest(set)
        if let known = tests.firstIndex(of: test) { return known }
        tests.append(test)
        return tests.count - 1
    }
}
