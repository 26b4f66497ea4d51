import Basics
internal import CConversions

// Binary16 is converted by branch-free integer arithmetic, so that the compiler vectorizes the
// loops. `Float16` would be one library call an element on processors without the instruction, and
// does not exist on Intel Macs.

extension FloatFormat {
    /// Reads as many stored elements as `floats` has.
    package func read(
        _ bytes: UnsafeRawBufferPointer,
        into floats: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(bytes.count == floats.count * elementType.byteCount)
        guard let source = bytes.baseAddress, let target = floats.baseAddress else { return }
        switch self {
        case .float32:
            UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: bytes.count)
        case .bfloat16:
            for i in 0..<floats.count {
                let half = source.loadUnaligned(fromByteOffset: 2 &* i, as: UInt16.self)
                target[i] = Float(bitPattern: UInt32(half) &<< 16)
            }
        case .float16:
            for i in 0..<floats.count {
                let half = source.loadUnaligned(fromByteOffset: 2 &* i, as: UInt16.self)
                target[i] = Self.widened(half)
            }
        }
    }

    /// Whether no stored element is infinite or NaN.
    package func areFinite(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let source = bytes.baseAddress else { return true }
        let count = bytes.count / elementType.byteCount
        return switch self {
        case .float32: cc_are_finite_float32(source, count)
        case .bfloat16: cc_are_finite_16(source, count, 0x7F80)
        case .float16: cc_are_finite_16(source, count, 0x7C00)
        }
    }

    /// Adds as many stored elements as `sums` has, each times `scale`; the first term of a sum
    /// replaces what `sums` had.
    package func add(
        _ bytes: UnsafeRawBufferPointer,
        times scale: Float,
        to sums: UnsafeMutableBufferPointer<Float>,
        isFirst: Bool
    ) {
        precondition(bytes.count == sums.count * elementType.byteCount)
        guard let source = bytes.baseAddress, let target = sums.baseAddress else { return }
        let count = sums.count
        switch self {
        case .float32:
            Self.add(count, times: scale, to: target, isFirst: isFirst) {
                source.loadUnaligned(fromByteOffset: 4 &* $0, as: Float.self)
            }
        case .bfloat16:
            cc_add_bfloat16(source, count, scale, isFirst, target)
        case .float16:
            Self.add(count, times: scale, to: target, isFirst: isFirst) {
                Self.widened(source.loadUnaligned(fromByteOffset: 2 &* $0, as: UInt16.self))
            }
        }
    }

    @inline(__always)
    private static func add(
        _ count: Int,
        times scale: Float,
        to target: UnsafeMutablePointer<Float>,
        isFirst: Bool,
        _ element: (Int) -> Float
    ) {
        if isFirst {
            for i in 0..<count { target[i] = scale * element(i) }
        } else {
            for i in 0..<count { target[i] += scale * element(i) }
        }
    }

    /// Writes `floats` to `bytes`, which has the same number of elements, rounded to nearest, ties
    /// to even.
    package func write(
        _ floats: UnsafeBufferPointer<Float>,
        into bytes: UnsafeMutableRawBufferPointer
    ) {
        precondition(bytes.count == floats.count * elementType.byteCount)
        guard let source = floats.baseAddress, let target = bytes.baseAddress else { return }
        switch self {
        case .float32:
            target.copyMemory(from: source, byteCount: bytes.count)
        case .bfloat16:
            cc_write_bfloat16(source, floats.count, target)
        case .float16:
            for i in 0..<floats.count {
                let half = Self.float16(source[i].bitPattern)
                target.storeBytes(of: half, toByteOffset: 2 &* i, as: UInt16.self)
            }
        }
    }

    /// The value of a binary16.
    ///
    /// Exponent and fraction, shifted to their position in 32 bits, are a number 2^112 too small.
    /// The product is exact, for subnormal numbers too.
    @inline(__always)
    static func widened(_ half: UInt16) -> Float {
        let magnitude = UInt32(half & 0x7FFF) &<< 13
        let scaled = (Float(bitPattern: magnitude) * 0x1p112).bitPattern
        // The largest exponent means infinity or NaN in both formats.
        let special = magnitude | 0x7F80_0000
        let bits = magnitude >= 0x0F80_0000 ? special : scaled
        return Float(bitPattern: bits | UInt32(half & 0x8000) &<< 16)
    }

    /// A float rounded to binary16.
    @inline(__always)
    private static func float16(_ bits: UInt32) -> UInt16 {
        let magnitude = bits & 0x7FFF_FFFF
        // Normal: shift the fraction by 13 with rounding, and the exponent's bias from 127 to 15.
        let odd = magnitude &>> 13 & 1
        let normal = (magnitude &+ 0xFFF &+ odd &- 112 &<< 23) &>> 13
        // Below 2^-14: adding 1/2 leaves the multiple of 2^-24, rounded, in the lowest bits.
        let subnormal = (Float(bitPattern: magnitude) + 0.5).bitPattern &- Float(0.5).bitPattern
        let isNaN = magnitude > 0x7F80_0000
        let special: UInt32 = isNaN ? 0x7E00 : 0x7C00
        // From 65520 on the nearest is infinity, which `normal` rounds to; from 65536 on its
        // exponent does not fit.
        var half = magnitude < 0x3880_0000 ? subnormal : normal
        half = magnitude >= 0x4780_0000 ? special : half
        return UInt16(truncatingIfNeeded: half | bits &>> 16 & 0x8000)
    }
}
