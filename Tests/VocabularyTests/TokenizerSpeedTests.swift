import Testing
import Vocabulary

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct TokenizerSpeedTests {
    /// Prevents one long line without spaces from taking quadratic time: hours at this size.
    @Test(arguments: ["a", "abcabd", "!", " ", "\n ", "猫", "1"])
    func timeGrowsWithTheLength(unit: String) throws {
        for name in Fixtures.names {
            let tokenizer = try Fixtures.tokenizer(name)
            let text = String(repeating: unit, count: (1 << 20) / unit.utf8.count)
            let once = (0..<3).map { _ in seconds { _ = tokenizer.encode(text) } }.min() ?? 0
            let twice = (0..<3).map { _ in seconds { _ = tokenizer.encode(text + text) } }.min() ?? 0
            #expect(twice / once <= 2.5, "\(name), \(unit.debugDescription): \(once) s, \(twice) s")
            #expect(once <= 2, "\(name), \(unit.debugDescription): \(once) s for 1 MB")
        }
    }

    /// The time that this thread was computing, which other processes do not lengthen.
    private func seconds(_ body: () -> Void) -> Double {
        let start = threadTime()
        body()
        return threadTime() - start
    }

    private func threadTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
