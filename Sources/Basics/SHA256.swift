/// The SHA-256 digest of bytes (FIPS 180-4).
public enum SHA256 {
    /// The digest of `bytes` as 64 hexadecimal digits.
    public static func hex(of bytes: UnsafeRawBufferPointer) -> String {
        hex(of: bytes) { _ in }
    }

    /// The digest of a file as 64 hexadecimal digits; its content is not kept in memory.
    public static func hex(of file: MappedFile) -> String {
        withExtendedLifetime(file) { hex(of: file.bytes, MappedFile.releasePages) }
    }

    /// Passes over `bytes` some megabytes at a time, and tells `done` of each part.
    private static func hex(
        of bytes: UnsafeRawBufferPointer,
        _ done: (UnsafeRawBufferPointer) -> Void
    ) -> String {
        var state = initialState
        let wholeCount = bytes.count & ~63
        let partCount = 8 << 20
        for start in stride(from: 0, to: wholeCount, by: partCount) {
            let end = min(start + partCount, wholeCount)
            let part = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            compress(part, into: &state)
            done(part)
        }

        // The rest, a one bit, zeros, and the length in bits: one block or two.
        var last = Array(bytes[wholeCount...])
        last.append(0x80)
        while last.count % 64 != 56 { last.append(0) }
        let bitCount = UInt64(bytes.count) &* 8
        for shift in stride(from: 56, through: 0, by: -8) {
            last.append(UInt8(truncatingIfNeeded: bitCount >> shift))
        }
        last.withUnsafeBytes { compress($0, into: &state) }

        return state.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    /// Runs the compression function over whole blocks of 64 bytes.
    private static func compress(_ blocks: UnsafeRawBufferPointer, into state: inout [UInt32]) {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
            roundConstants.withUnsafeBufferPointer { constants in
                for start in stride(from: 0, to: blocks.count, by: 64) {
                    fill(schedule, from: UnsafeRawBufferPointer(rebasing: blocks[start...]))
                    let before = (a, b, c, d, e, f, g, h)
                    // Eight rounds at a time: the letters change their roles instead of moving.
                    for t in stride(from: 0, to: 64, by: 8) {
                        @inline(__always) func input(_ i: Int) -> UInt32 {
                            schedule[t &+ i] &+ constants[t &+ i]
                        }
                        round(a, b, c, &d, e, f, g, &h, input(0))
                        round(h, a, b, &c, d, e, f, &g, input(1))
                        round(g, h, a, &b, c, d, e, &f, input(2))
                        round(f, g, h, &a, b, c, d, &e, input(3))
                        round(e, f, g, &h, a, b, c, &d, input(4))
                        round(d, e, f, &g, h, a, b, &c, input(5))
                        round(c, d, e, &f, g, h, a, &b, input(6))
                        round(b, c, d, &e, f, g, h, &a, input(7))
                    }
                    (a, b, c, d) = (a &+ before.0, b &+ before.1, c &+ before.2, d &+ before.3)
                    (e, f, g, h) = (e &+ before.4, f &+ before.5, g &+ before.6, h &+ before.7)
                }
            }
        }
        state = [a, b, c, d, e, f, g, h]
    }

    /// Expands one block to the 64 words of its message schedule.
    @inline(__always)
    private static func fill(
        _ schedule: UnsafeMutableBufferPointer<UInt32>,
        from block: UnsafeRawBufferPointer
    ) {
        for t in 0..<16 {
            schedule[t] = UInt32(
                bigEndian: block.loadUnaligned(fromByteOffset: 4 &* t, as: UInt32.self)
            )
        }
        for t in 16..<64 {
            let (w2, w15) = (schedule[t &- 2], schedule[t &- 15])
            let s0 = rotated(w15, 7) ^ rotated(w15, 18) ^ (w15 &>> 3)
            let s1 = rotated(w2, 17) ^ rotated(w2, 19) ^ (w2 &>> 10)
            schedule[t] = schedule[t &- 16] &+ s0 &+ schedule[t &- 7] &+ s1
        }
    }

    /// One round: only two of the eight words change.
    @inline(__always)
    private static func round(
        _ a: UInt32,
        _ b: UInt32,
        _ c: UInt32,
        _ d: inout UInt32,
        _ e: UInt32,
        _ f: UInt32,
        _ g: UInt32,
        _ h: inout UInt32,
        _ input: UInt32
    ) {
        let choice = (e & f) ^ (~e & g)
        let majority = (a & b) ^ (a & c) ^ (b & c)
        let mixed = h &+ (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) &+ choice &+ input
        d = d &+ mixed
        h = mixed &+ (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) &+ majority
    }

    @inline(__always)
    private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word &>> count | word &<< (32 &- count)
    }

    /// The first 32 bits of the fractions of the square roots of the first 8 primes.
    private static let initialState: [UInt32] = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
        0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]

    /// The first 32 bits of the fractions of the cube roots of the first 64 primes.
    private static let roundConstants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1,
        0x923f_82a4, 0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3,
        0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786,
        0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147,
        0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13,
        0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
        0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a,
        0x5b9c_ca4f, 0x682e_6ff3, 0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208,
        0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}
