internal import Foundation

/// Sizes in pixels of a plot's parts.
private enum Size {
    static let panelWidth = 300.0
    static let margin = 16.0
    static let scaleWidth = 44.0
    static let head = 84.0
    static let chartHeight = 180.0
    static let nameHeight = 16.0
}

extension Plot {
    /// The plot as an SVG file, which a browser shows in the colours of its light or dark theme.
    package var svg: String {
        let width = Size.panelWidth * Double(panels.count) + 2 * Size.margin
        let chartEnd = Size.head + Size.chartHeight
        let height = chartEnd + Size.nameHeight * Double(lineCount) + 2 * Size.margin
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(number(width)) "
                + "\(number(height))\" width=\"\(number(width))\" height=\"\(number(height))\" "
                + "role=\"img\" aria-label=\"\(escaped(title))\">",
            Self.style,
            text(title, x: Size.margin, y: 30, "title"),
        ]
        for (index, panel) in panels.enumerated() {
            lines += drawing(of: panel, left: Size.margin + Double(index) * Size.panelWidth)
        }
        return (lines + ["</svg>"]).map { $0 + "\n" }.joined()
    }

    private static let style = """
        <style>
        text { font: 12px system-ui, sans-serif; fill: #3d4450; text-anchor: middle }
        .title { font-size: 16px; font-weight: 600; text-anchor: start }
        .panel { font-weight: 600; text-anchor: start }
        .note { font-size: 11px; text-anchor: start; opacity: .75 }
        .mark { font-size: 11px; text-anchor: end; opacity: .75 }
        .grid { stroke: #8b93a1; stroke-opacity: .3 }
        .bar, .point { fill: #3a76c4 }
        .line { fill: none; stroke: #3a76c4; stroke-width: 2 }
        @media (prefers-color-scheme: dark) {
        text { fill: #d4d9e1 }
        .bar, .point { fill: #6ea3e8 }
        .line { stroke: #6ea3e8 }
        }
        </style>
        """

    private func drawing(of panel: Panel, left: Double) -> [String] {
        let axis = Axis(covering: panel.values)
        let chartLeft = left + Size.scaleWidth
        let slot = (Size.panelWidth - Size.scaleWidth - Size.margin) / Double(names.count)
        let chartEnd = Size.head + Size.chartHeight
        func height(_ value: Double) -> Double {
            chartEnd - axis.share(of: value) * Size.chartHeight
        }
        var lines = [
            text(panel.title, x: left, y: 52, "panel"),
            text("\(panel.isMoreBetter ? "more" : "less") is better", x: left, y: 67, "note"),
        ]
        for mark in axis.marks {
            let y = height(mark)
            lines.append(
                "<path class=\"grid\" d=\"M\(number(chartLeft)) \(number(y))"
                    + "h\(number(slot * Double(names.count)))\"/>"
            )
            lines.append(text(panel.figure.mark(mark), x: chartLeft - 6, y: y + 4, "mark"))
        }
        let centers = names.indices.map { chartLeft + slot * (Double($0) + 0.5) }
        let points = zip(centers, panel.values).map { x, value in
            value.flatMap { $0.isFinite ? (x: x, y: height($0)) : nil }
        }
        let base = height(max(0, axis.marks[0]))
        switch shape {
        case .bars: lines += bars(points, from: base, slot: slot)
        case .line: lines += line(points)
        }
        for (index, value) in panel.values.enumerated() {
            let top = min(points[index]?.y ?? base, base)
            lines.append(text(panel.figure.text(value), x: centers[index], y: top - 7, "value"))
            for (row, part) in label(names[index]).enumerated() {
                lines.append(
                    text(
                        part,
                        x: centers[index],
                        y: chartEnd + Size.nameHeight * Double(row + 1) + 2,
                        "name"
                    )
                )
            }
        }
        return lines
    }

    private func bars(_ points: [(x: Double, y: Double)?], from base: Double, slot: Double)
        -> [String]
    {
        let width = min(44, slot * 0.6)
        return points.compactMap { $0 }.map { point in
            "<rect class=\"bar\" x=\"\(number(point.x - width / 2))\" "
                + "y=\"\(number(min(point.y, base)))\" width=\"\(number(width))\" "
                + "height=\"\(number(abs(base - point.y)))\"/>"
        }
    }

    /// Points, and lines between those that are neighbours.
    private func line(_ points: [(x: Double, y: Double)?]) -> [String] {
        let segments = zip(points, points.dropFirst()).compactMap { pair -> String? in
            guard let first = pair.0, let second = pair.1 else { return nil }
            return "<path class=\"line\" d=\"M\(number(first.x)) \(number(first.y))"
                + "L\(number(second.x)) \(number(second.y))\"/>"
        }
        return segments
            + points.compactMap { $0 }.map {
                "<circle class=\"point\" cx=\"\(number($0.x))\" cy=\"\(number($0.y))\" r=\"4\"/>"
            }
    }

    /// A name in lines, one word a line, since neighbours have little room.
    private func label(_ name: String) -> [String] {
        name.split(separator: " ").map(String.init)
    }

    private var lineCount: Int { names.reduce(1) { max($0, label($1).count) } }

    private func text(_ string: String, x: Double, y: Double, _ style: String) -> String {
        "<text class=\"\(style)\" x=\"\(number(x))\" y=\"\(number(y))\">\(escaped(string))</text>"
    }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }

    /// A coordinate with at most one digit after the point.
    private func number(_ value: Double) -> String {
        let tenths = (value * 10).rounded() / 10
        return tenths == tenths.rounded() ? String(format: "%.0f", tenths) : "\(tenths)"
    }
}

extension Figure {
    /// The text of a mark at a scale: short, since marks are round numbers.
    fileprivate func mark(_ value: Double) -> String {
        switch self {
        case .percent: String(format: "%g %%", 100 * value)
        case .decimal, .difference: String(format: "%g", value)
        }
    }
}
