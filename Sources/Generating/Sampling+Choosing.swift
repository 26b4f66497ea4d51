package import Basics
package import Vocabulary

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension Sampling {
    /// Chooses one of the `allowed` tokens.
    ///
    /// Sampling takes one uniform number from `random`. Steps:
    ///
    /// 1. Find the highest allowed logit, the first of equals; greedy choice ends here.
    /// 2. Give each allowed token the weight e^((logit − highest) / temperature).
    /// 3. Drop tokens of less than (1 − topP) / count of the weight: together they hold less than
    ///    1 − topP, so the nucleus is among the others.
    /// 4. Sort the others by falling weight, then by id.
    /// 5. Keep the shortest prefix with topP of the weight: the nucleus.
    /// 6. Take the first token at which the cumulative weight exceeds a uniform share of the nucleus.
    ///
    /// Source: Holtzman et al., "The Curious Case of Neural Text Degeneration", 2020, section 3.1.
    ///
    /// - Parameters:
    ///   - logits: one for each token, from 0.
    ///   - allowed: disjoint ranges of tokens in rising order, at least one token in all.
    ///   - random: the source of the uniform number.
    /// - Returns: the token, or `nil` if the logits are not finite.
    package func choose(
        from logits: Span<Float>,
        among allowed: [Range<TokenID>],
        using random: inout SeededGenerator
    ) -> TokenID? {
        guard let best = Self.highest(of: logits, among: allowed) else { return nil }
        guard case .sampled(let temperature, let topP) = self else { return best }

        let highest = logits[best]
        let sharpness = Float(1 / temperature)
        var candidates: [Candidate] = []
        candidates.reserveCapacity(allowed.reduce(0) { $0 + $1.count })
        var total: Float = 0
        for range in allowed {
            for token in range {
                let weight = expf((logits[token] - highest) * sharpness)
                total += weight
                candidates.append(Candidate(token, weight))
            }
        }

        let least = Float(1 - topP) * total / Float(candidates.count)
        candidates.removeAll { $0.weight < least || $0.weight == 0 }
        candidates.sort()

        var held: Float = 0
        let nucleus = candidates.prefix { candidate in
            guard held < Float(topP) * total else { return false }
            held += candidate.weight
            return true
        }
        let share = Float(random.nextUniform()) * held
        var running: Float = 0
        for candidate in nucleus {
            running += candidate.weight
            if running > share { return candidate.token }
        }
        return best  // Rounding took the share up to the whole.
    }

    private static func highest(
        of logits: Span<Float>,
        among allowed: [Range<TokenID>]
    ) -> TokenID? {
        var highest = -Float.infinity
        var best: TokenID?
        for range in allowed {
            for token in range {
                let logit = logits[token]
                if logit > highest {
                    highest = logit
                    best = token
                } else if logit.isNaN {
                    return nil
                }
            }
        }
        return highest < .infinity ? best : nil
    }
}

/// A token and its weight in one number, so that sorting compares and moves a single word.
private struct Candidate: Comparable {
    private let key: UInt64

    init(_ token: TokenID, _ weight: Float) {
        // A weight is not negative, so its bits are in its order; of equals the lower id is first.
        key = UInt64(~weight.bitPattern) << 32 | UInt64(UInt32(truncatingIfNeeded: token))
    }

    var weight: Float { Float(bitPattern: ~UInt32(key >> 32)) }
    var token: TokenID { TokenID(UInt32(truncatingIfNeeded: key)) }

    /// Heavier tokens first.
    static func < (a: Candidate, b: Candidate) -> Bool { a.key < b.key }
}
