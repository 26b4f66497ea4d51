import Basics
import Checkpoints
import JamTesting
import Testing

@Suite struct FloatFormatTests {
    /// Prevents weights from being rounded otherwise than torch rounds them.
    @Test("Rounds like the reference", arguments: FloatFormat.allCases)
    func roundsLikeTheReference(format: FloatFormat) throws {
        let file = try SafetensorsFile(Fixture.path("rounding.safetensors"))
        let floats = try file.floats(of: "float32")
        let expected = try file.withBytes(of: "\(format)") { Array($0) }
        #expect(format.bytes(from: floats) == expected)
    }

    /// Every pattern of 16 bits, against the processor's or the compiler's own conversion.
    @Test("Widens every half") func widensEveryHalf() {
        let patterns = (0...UInt16.max).map(\.self)
        let halves = patterns.withUnsafeBytes { FloatFormat.float16.floats(from: $0) }
        let brains = patterns.withUnsafeBytes { FloatFormat.bfloat16.floats(from: $0) }
        for (pattern, (half, brain)) in zip(patterns, zip(halves, brains)) {
            #expect(brain.bitPattern == UInt32(pattern) << 16)
            #if !(os(macOS) && arch(x86_64))
                let expected = Float(Float16(bitPattern: pattern))
                #expect(half == expected || half.isNaN && expected.isNaN, "\(pattern)")
                #expect(half.sign == expected.sign)
            #endif
        }
        // And back: nothing is lost, and NaN stays NaN.
        let again = FloatFormat.float16.bytes(from: halves)
        for (pattern, half) in zip(patterns, halves) where !half.isNaN {
            let bytes = [again[2 * Int(pattern)], again[2 * Int(pattern) + 1]]
            #expect(bytes == [UInt8(truncatingIfNeeded: pattern), UInt8(pattern >> 8)])
        }
        for format in [FloatFormat.float16, .bfloat16] {
            let bytes = format.bytes(from: [.nan, -.nan, .signalingNaN, .infinity, -.infinity])
            let values = bytes.withUnsafeBytes { format.floats(from: $0) }
            #expect(values.prefix(3).filter(\.isNaN).count == 3)
            #expect(values.suffix(2) == [.infinity, -.infinity])
        }
    }

    @Test("Reads at any alignment") func readsAtAnyAlignment() {
        let bytes: [UInt8] = [0, 0x80, 0x3F, 0x00, 0x40, 0]
        bytes.withUnsafeBytes {
            let inner = UnsafeRawBufferPointer(rebasing: $0[1..<5])
            #expect(FloatFormat.bfloat16.floats(from: inner) == [1, 2])
        }
    }
}

@Suite struct Int8RowsTests {
    @Test("Rounds like the reference") func roundsLikeTheReference() throws {
        let file = try SafetensorsFile(Fixture.path("rows.safetensors"))
        let (bytes, scales) = try Int8Rows.quantize(file.floats(of: "rows"), rows: 5, columns: 33)
        #expect(try bytes == file.withBytes(of: "w") { $0.map { Int8(bitPattern: $0) } })
        #expect(try scales == file.floats(of: Int8Rows.scaleName(of: "w")))
    }

    @Test("Reads back within half a step") func readsBackWithinHalfAStep() throws {
        let file = try SafetensorsFile(Fixture.path("rows.safetensors"))
        let scales = try file.floats(of: "w_scale")
        let (exact, stored) = (try file.floats(of: "rows"), try file.floats(of: "w"))
        #expect(stored.count == exact.count)
        for i in exact.indices {
            #expect(abs(exact[i] - stored[i]) <= scales[i / 33] * 0.5001)
        }
    }

    @Test("Refuses what has no scale") func refusesWhatHasNoScale() {
        for value in [Float.infinity, -.infinity, .nan] {
            let error = #expect(throws: WeightError.self) {
                try Int8Rows.quantize([1, 2, 3, value], rows: 2, columns: 2)
            }
            #expect(
                error?.description
                    == "row 1 has an infinity or NaN and cannot be quantized"
            )
        }
    }

    @Test("Survives the extremes") func survivesTheExtremes() throws {
        let tiny = Float.leastNonzeroMagnitude
        let huge = Float.greatestFiniteMagnitude
        let (bytes, scales) = try Int8Rows.quantize(
            [tiny, -tiny, huge, -huge, 0, -0.0],
            rows: 3,
            columns: 2
        )
        #expect(bytes == [0, 0, 127, -127, 0, 0])
        #expect(scales == [1, huge / 127, 1])
    }

    /// Prevents 8-bit weights from being read without, or with the wrong, scales.
    @Test("Names wrong scales") func namesWrongScales() throws {
        let scratch = try ScratchFolder()
        func message(_ scales: WeightEntry?) throws -> String? {
            let path = scratch.file("a.safetensors")
            let weight = WeightEntry(name: "w", elementType: .int8, shape: [2, 1])
            let entries = [weight] + (scales.map { [$0] } ?? [])
            var writer = try SafetensorsWriter(path, entries: entries)
            for entry in entries {
                try [UInt8](repeating: 0, count: entry.byteCount).withUnsafeBytes {
                    try writer.write($0, to: entry.name)
                }
            }
            try writer.finish()
            let file = try SafetensorsFile(path)
            return #expect(throws: WeightError.self) { try file.floats(of: "w") }?.description
        }
        #expect(try message(nil) == "the 8-bit weight \"w\": \"w_scale\" is missing")
        #expect(
            try message(WeightEntry(name: "w_scale", elementType: .float16, shape: [2]))
                == "the 8-bit weight \"w\": \"w_scale\" is F16 [2]; F32 [2, 1] is expected"
        )
    }
}
