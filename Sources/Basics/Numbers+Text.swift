internal import Foundation

extension Int {
    /// The number with thousands separators, as `1,234,567`.
    package var grouped: String {
        guard magnitude >= 1000 else { return String(self) }
        let rest = String(magnitude % 1000)
        return (self / 1000).grouped + "," + String(repeating: "0", count: 3 - rest.count) + rest
    }

    /// The number of bytes in a suitable unit, as `1.5 GB`.
    package var byteText: String {
        guard magnitude >= 1000 else { return "\(self) bytes" }
        var (value, unit) = (Double(self), "bytes")
        for larger in ["kB", "MB", "GB", "TB"] where value >= 1000 {
            (value, unit) = (value / 1000, larger)
        }
        return value.decimals(1) + " " + unit
    }

    /// A number of things, as in "1 document" and "2 documents"; the plural has an "s".
    package func of(_ thing: String) -> String { "\(self) \(thing)\(self == 1 ? "" : "s")" }
}

extension BinaryFloatingPoint {
    /// The number with so many decimals, as `3.14`; `signed` adds a plus.
    package func decimals(_ count: Int, signed: Bool = false) -> String {
        String(format: "%\(signed ? "+" : "").\(count)f", Double(self))
    }

    /// A share from 0 to 1 as percent, as `12.5 %`.
    package func percent(decimals count: Int = 0) -> String {
        (100 * self).decimals(count) + " %"
    }
}
