import Evaluating
import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct PlotTests {
    private static let bars = Plot(
        "Fusion <method> & \"more\"",
        names: ["uniform", "width", "cross (not run)"],
        .bars,
        panels: [
            .init("right image", isMoreBetter: true, .percent, [0.25, 0.031, nil]),
            .init("change", isMoreBetter: false, .difference(1), [-1.5, 3, nil]),
            .init("perplexity", isMoreBetter: false, .decimal(1), [nil, .infinity, nil]),
        ]
    )
    private static let line = Plot(
        "Bridges",
        names: ["1", "2", "4", "8"],
        .line,
        panels: [.init("loss", isMoreBetter: false, .decimal(2), [1.5, 1.25, nil, 2])]
    )

    @Test("Plots are well formed", arguments: [bars, line])
    func plotsAreWellFormed(plot: Plot) throws {
        let elements = try Elements(of: plot.svg)
        #expect(elements.count("svg") == 1)
        #expect(elements.texts.contains(plot.title))
        for panel in plot.panels {
            #expect(elements.texts.contains(panel.title))
            for value in panel.values { #expect(elements.texts.contains(panel.figure.text(value))) }
        }
    }

    /// Prevents a bar, and so a figure, for what was not run.
    @Test("What was not run has no mark") func whatWasNotRunHasNoMark() throws {
        #expect(try Elements(of: Self.bars.svg).count("rect") == 4)
        #expect(try Elements(of: Self.line.svg).count("circle") == 3)
        #expect(try Elements(of: Self.line.svg).classes["line"] == 1)
    }

    /// Prevents heights that are not in proportion: bars of 25 % and 3.1 % on a scale to 30 %.
    @Test("Bars are in proportion") func barsAreInProportion() throws {
        let heights = try Elements(of: Self.bars.svg).heights
        #expect(abs(heights[0] / heights[1] - 0.25 / 0.031) < 0.05)
        #expect(abs(heights[2] / heights[3] - 0.5) < 0.01)
    }

    /// The plot as it was looked at when it was made; change both together.
    @Test("Line is as it was") func lineIsAsItWas() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/line.svg")
        #expect(Self.line.svg == (try String(contentsOf: path, encoding: .utf8)))
    }
}

/// What an XML parser finds in a plot.
private final class Elements: NSObject, XMLParserDelegate {
    var names: [String] = []
    var classes: [String: Int] = [:]
    var heights: [Double] = []
    var texts: [String] = []
    private var isOpen = false

    init(of svg: String) throws {
        super.init()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = self
        try #require(parser.parse(), "\(String(describing: parser.parserError))")
    }

    func count(_ name: String) -> Int { names.count { $0 == name } }

    func parser(
        _ parser: XMLParser,
        didStartElement name: String,
        namespaceURI: String?,
        qualifiedName: String?,
        attributes: [String: String]
    ) {
        names.append(name)
        texts.append("")
        isOpen = true
        classes[attributes["class"] ?? "", default: 0] += 1
        if name == "rect", let height = attributes["height"].flatMap(Double.init) {
            heights.append(height)
        }
    }

    func parser(_ parser: XMLParser, foundCharacters characters: String) {
        if isOpen { texts[texts.count - 1] += characters }
    }

    func parser(
        _ parser: XMLParser,
        didEndElement name: String,
        namespaceURI: String?,
        qualifiedName: String?
    ) {
        isOpen = false
    }
}
