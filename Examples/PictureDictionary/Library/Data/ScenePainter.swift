import Basics
package import Documents

/// Paints scenes: images of 64 by 64 pixels.
package struct ScenePainter: Sendable {
    private static let side = 64

    private let sprites: [Unicode.Scalar: [Int: Glyph]]
    private let visible: [Unicode.Scalar: [Background]]

    /// Scales each glyph to the three sizes.
    init(_ catalog: ConceptCatalog) {
        var sprites: [Unicode.Scalar: [Int: Glyph]] = [:]
        var visible: [Unicode.Scalar: [Background]] = [:]
        for (concept, glyph) in zip(catalog.concepts, catalog.glyphs) {
            for width in Set(Placement.allCases.map(\.width)) {
                let height = (glyph.height * width + glyph.width / 2) / glyph.width
                sprites[concept.id, default: [:]][width] =
                    glyph.scaled(toWidth: width, height: height)
            }
            visible[concept.id] = Background.allCases.filter {
                $0 == .white || glyph.visibility(on: $0) >= 0.7
            }
        }
        self.sprites = sprites
        self.visible = visible
    }

    /// The backgrounds that a concept stands out from; white is always one.
    package func backgrounds(for concept: Concept) -> [Background] {
        visible[concept.id] ?? [.white]
    }

    /// Paints a scene of one of the concepts.
    package func image(of scene: Scene) -> Image {
        guard let glyph = sprites[scene.concept.id]?[scene.placement.width] else {
            preconditionFailure("\(scene.concept.name) is not in this dictionary")
        }
        let color = scene.background.color
        var image = Image(
            width: Self.side,
            height: Self.side,
            fill: Color(red: color.x, green: color.y, blue: color.z)
        )
        let (freeX, freeY) = (Self.side - glyph.width, Self.side - glyph.height)
        let margin = 2
        let (x, y) =
            switch scene.placement.place {
            case .center: (freeX / 2, freeY / 2)
            case .left: (margin, freeY / 2)
            case .right: (freeX - margin, freeY / 2)
            case .top: (freeX / 2, margin)
            case .bottom: (freeX / 2, freeY - margin)
            }
        glyph.paint(onto: &image, x: x, y: y)
        return image
    }

    /// Half of the scenes are large, centered and on white; one in ten has any placement.
    func randomScene(of concept: Concept, using random: inout SeededGenerator) -> Scene {
        if Bool.random(using: &random) { return Scene(concept) }
        let background = backgrounds(for: concept).randomElement(using: &random) ?? .white
        let isLarge = Int.random(in: 0..<5, using: &random) > 0
        let placement =
            isLarge ? .large : Placement.allCases.randomElement(using: &random) ?? .large
        return Scene(concept, placement, on: background)
    }
}
