import Documents

extension IndexedImage {
    /// The image as DEC's sixel graphics, the device control string with its ends.
    ///
    /// A character of data is six pixels of one color below one another: 63 plus their bits, the
    /// lowest on top. `#` selects a color, `!` repeats a character, `$` goes back to the start of
    /// the six rows, `-` on to the next six (VT330/VT340 Programmer Reference Manual, chapter 14).
    /// Colors are in percent.
    package var sixel: String {
        // Pixels are square, and those that are not set stay as they are.
        var output = Array("\u{1B}P0;1;0q\"1;1;\(width);\(height)".utf8)
        for (index, color) in colors.enumerated() {
            let percent = [color.red, color.green, color.blue].map { (Int($0) * 200 + 255) / 510 }
            output += "#\(index);2;\(percent[0]);\(percent[1]);\(percent[2])".utf8
        }
        for top in stride(from: 0, to: height, by: 6) {
            if top > 0 { output.append(UInt8(ascii: "-")) }
            appendBand(top..<min(top + 6, height), to: &output)
        }
        output += "\u{1B}\\".utf8
        return String(decoding: output, as: UTF8.self)
    }

    /// Six rows, each of their colors in turn.
    private func appendBand(_ rows: Range<Int>, to output: inout [UInt8]) {
        var sixels = [[UInt8]?](repeating: nil, count: colors.count)
        for row in rows {
            let bit = UInt8(1) << (row - rows.lowerBound)
            for column in 0..<width {
                let color = Int(indices[row * width + column])
                if sixels[color] == nil { sixels[color] = [UInt8](repeating: 0, count: width) }
                sixels[color]?[column] |= bit
            }
        }
        var isFirst = true
        for (color, line) in sixels.enumerated() {
            guard let line else { continue }
            if !isFirst { output.append(UInt8(ascii: "$")) }
            isFirst = false
            output += "#\(color)".utf8
            Self.append(line, to: &output)
        }
    }

    /// A line of sixels in runs, without the empty ones at its end.
    private static func append(_ line: [UInt8], to output: inout [UInt8]) {
        let end = line.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        var start = 0
        while start < end {
            let sixel = line[start]
            let next = line[start..<end].firstIndex { $0 != sixel } ?? end
            let (count, character) = (next - start, sixel + 63)
            if count > 3 {
                output += "!\(count)".utf8
                output.append(character)
            } else {
                output += Array(repeating: character, count: count)
            }
            start = next
        }
    }
}
