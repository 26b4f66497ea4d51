import Basics
package import Documents

/// Paints scenes: images of 64 by 64 pixels.
package struct ScenePainter: Sendable {
    static let side = 64

    /// The sprites of each concept's drawings.
    private let sprites: [Concept.ID: [Sprite]]

    /// A drawing at the three sizes, and the backgrounds that it stands out from.
    private struct Sprite {
        var glyphs: [Int: Glyph] = [:]
        let backgrounds: [Background]
    }

    /// Scales each glyph to the three sizes.
    init(_ catalog: ConceptCatalog) {
        var sprites: [Concept.ID: [Sprite]] = [:]
        for (concept, glyphs) in zip(catalog.concepts, catalog.glyphs) {
            sprites[concept.id] = glyphs.map { glyph in
                var sprite = Sprite(
                    backgrounds: Background.allCases.filter {
                        $0 == .white || glyph.visibility(on: $0) >= 0.7
                    }
                )
                for size in Set(Placement.allCases.map(\.width)) {
                    sprite.glyphs[size] = glyph.fitted(into: size)
                }
                return sprite
            }
        }
        self.sprites = sprites
    }

    /// The backgrounds that a concept's drawing stands out from; white is always one.
    package func backgrounds(for concept: Concept, drawing: Int = 0) -> [Background] {
        sprites[concept.id]?[drawing].backgrounds ?? [.white]
    }

    /// Paints a scene of one of the concepts.
    package func image(of scene: Scene) -> Image {
        guard
            let glyph = sprites[scene.concept.id]?[scene.drawing].glyphs[scene.placement.width]
        else {
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
    func randomScene(
        of concept: Concept,
        drawing: Int = 0,
        using random: inout SeededGenerator
    ) -> Scene {
        if Bool.random(using: &random) { return Scene(concept, drawing: drawing) }
        let backgrounds = backgrounds(for: concept, drawing: drawing)
        let background = backgrounds.randomElement(using: &random) ?? .white
        let isLarge = Int.random(in: 0..<5, using: &random) > 0
        let placement =
            isLarge ? .large : Placement.allCases.randomElement(using: &random) ?? .large
        return Scene(concept, placement, on: background, drawing: drawing)
    }
}
