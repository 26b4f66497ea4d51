import Testing
import Vocabulary

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct TokenizerSpeedTests {
    /// Prevents one long line without spaces from taking quadratic time: hours at this size.
    ///
    /// Eight times the text may take at most 32 times as long, half of what quadratic time would
    /// be: wide enough for a machine that does other work, too.
    @Test("Time grows with the length", arguments: ["a", "abcabd", "!", " ", "\n ", "猫", "1"])
    func timeGrowsWithTheLength(unit: String) throws {
        for name in [
            "gpt2", "llama3", "families/llama2", "families/mistral", "families/tekken",
            "families/o200k",
        ] {
            let tokenizer = try Fixtures.tokenizer(name)
            let short = String(repeating: unit, count: (1 << 18) / unit.utf8.count)
            let long = String(repeating: short, count: 8)
            let once = seconds { _ = tokenizer.encode(short) }
            let whole = seconds { _ = tokenizer.encode(long) }
            let setting: Comment =
                "\(name), \(unit.debugDescription): \(once) s, \(whole) s for 2 MB"
            #expect(whole / once <= 32, setting)
        }
    }

    /// Prevents a text that almost matches a long `Replace` from taking the time of both lengths.
    @Test("Replacing takes the time of the text alone") func replacingTakesTheTimeOfTheTextAlone()
        throws
    {
        var times: [Double] = []
        for length in [1 << 17, 1 << 20] {
            let found = String(repeating: "a", count: length / 2)
            let json = try Fixtures.json("gpt2").setting(
                "normalizer",
                to: NormalizerTests.replace(found + "b", by: "")
            )
            let tokenizer = try Tokenizer(json: json)
            let text = found + found
            times.append(seconds { _ = tokenizer.encode(text) })
        }
        #expect(times[1] / times[0] <= 32, "\(times)")
    }

    /// The least time of two runs that this thread was computing, which others do not lengthen.
    private func seconds(_ body: () -> Void) -> Double {
        let times = (0..<2).map { _ in
            let start = threadTime()
            body()
            return threadTime() - start
        }
        return min(times[0], times[1])
    }

    private func threadTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
