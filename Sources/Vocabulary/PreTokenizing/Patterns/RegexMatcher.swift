/// Matches a pattern at places of one text, by backtracking as Oniguruma does, but in linear time.
///
/// Whether the rest of a pattern matches at a place does not depend on how the place was reached.
/// So what failed once is not tried again: for each run of characters without limit, the places
/// where the rest of the pattern failed are an interval; and once a match takes many steps, every
/// failure is kept.
struct RegexMatcher {
    private let program: RegexProgram
    private let text: UTF8Text
    private var runs: [Run] = []
    private var failures: Set<UInt64> = []
    private var steps = 0

    /// The last long run of one instruction.
    private struct Run {
        var start = 0
        /// The end of the run; 0 if there is none.
        var end = 0
        /// The first place from which on, up to the end, the rest of the pattern fails.
        var failedFrom = 0
    }

    private static let shortRun = 32
    private static let fewSteps = 256
    private static let mostFailures = 1 << 20

    init(_ program: RegexProgram, _ text: UTF8Text) {
        self.program = program
        self.text = text
    }

    /// The end of the match at `start`; `nil` if there is none.
    mutating func endOfMatch(at start: Int) -> Int? {
        steps = 0
        return match(0, start)
    }

    private mutating func match(_ instruction: Int, _ start: Int) -> Int? {
        var (current, place) = (instruction, start)
        while true {
            switch program.instructions[current] {
            case .accept: return place
            case .set(let test):
                guard let next = text.value(at: place), program.tests[test].contains(next.value)
                else { return nil }
                place = next.end
            case .lineEnd:
                guard place == text.end || text.bytes[place] == UInt8(ascii: "\n") else {
                    return nil
                }
            case .jump(let target):
                current = target
                continue
            case .split(let other):
                if let end = attempt(current + 1, place) { return end }
                current = other
                continue
            case .lookahead(let isNegative, let after):
                guard (match(current + 1, place) == nil) == isNegative else { return nil }
                current = after
                continue
            case .run(let test, let least, let most, let isPossessive, let memo):
                let scalars = program.tests[test]
                guard let floor = advance(place, by: least, in: scalars) else { return nil }
                let isLast = isPossessive || program.instructions[current + 1] == .accept
                if most != .max {
                    let end = endOfRun(of: scalars, from: floor, atMost: most - least)
                    guard isLast else { return backtrack(current + 1, from: end, to: floor) }
                    place = end
                } else {
                    let end = endOfRun(of: scalars, from: floor, memo)
                    guard isLast else {
                        return backtrack(current + 1, from: end, to: floor, place, memo)
                    }
                    place = end
                }
            }
            current += 1
        }
    }

    /// Tries the rest of the pattern, unless it is known to fail.
    private mutating func attempt(_ instruction: Int, _ place: Int) -> Int? {
        steps += 1
        guard steps > Self.fewSteps else { return match(instruction, place) }
        let key = UInt64(instruction) << 48 | UInt64(place)
        guard !failures.contains(key) else { return nil }
        if let end = match(instruction, place) { return end }
        if failures.count >= Self.mostFailures { failures.removeAll(keepingCapacity: true) }
        failures.insert(key)
        return nil
    }

    private func advance(_ start: Int, by count: Int, in test: ScalarTest) -> Int? {
        var place = start
        for _ in 0..<count {
            guard let next = text.value(at: place), test.contains(next.value) else { return nil }
            place = next.end
        }
        return place
    }

    private func endOfRun(of test: ScalarTest, from start: Int, atMost limit: Int) -> Int {
        var (end, count) = (start, 0)
        while count < limit, let next = text.value(at: end), test.contains(next.value) {
            end = next.end
            count += 1
        }
        return end
    }

    /// The end of a run without limit, which is looked up if it is known.
    private func endOfRun(of test: ScalarTest, from start: Int, _ memo: Int) -> Int {
        let known = runs.isEmpty ? Run() : runs[memo]
        if known.start <= start, start <= known.end, known.end > 0 { return known.end }
        var end = start
        while let next = text.value(at: end), test.contains(next.value) {
            end = next.end
            if end == known.start, known.end > 0 { return known.end }
        }
        return end
    }

    /// Tries the rest of the pattern at each place from `end` down to `floor`.
    private mutating func backtrack(_ rest: Int, from end: Int, to floor: Int) -> Int? {
        var place = end
        while true {
            if let found = attempt(rest, place) { return found }
            guard place > floor else { return nil }
            place = startOfScalar(before: place)
        }
    }

    /// As the other one, for a run without limit that starts at `start`.
    private mutating func backtrack(
        _ rest: Int,
        from end: Int,
        to floor: Int,
        _ start: Int,
        _ memo: Int
    ) -> Int? {
        guard end - start > Self.shortRun else { return backtrack(rest, from: end, to: floor) }
        if runs.isEmpty { runs = Array(repeating: Run(), count: program.memoCount) }
        if runs[memo].end == end {
            runs[memo].start = min(runs[memo].start, start)
        } else {
            runs[memo] = Run(start: start, end: end, failedFrom: end + 1)
        }
        while runs[memo].failedFrom > floor {
            let last = runs[memo].failedFrom
            let place = last > end ? end : startOfScalar(before: last)
            if let found = match(rest, place) { return found }
            runs[memo].failedFrom = place
        }
        return nil
    }

    private func startOfScalar(before place: Int) -> Int {
        var start = place - 1
        while start > 0, text.bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }
}
