import Documents
import PictureDictionary
import Testing

@Suite struct ImageTests {
    /// Prevents clipped glyphs: the outermost pixels are background.
    @Test("Glyphs are whole", arguments: Placement.allCases)
    func glyphsAreWhole(placement: Placement) throws {
        let data = try SharedDictionary.data
        for concept in data.concepts {
            let image = data.painter.image(of: Scene(concept, placement))
            #expect(image.hasWhiteBorder, "\(concept.name)")
        }
    }

    /// Prevents jagged edges: a yellow disc on black has tones between the two at its rim.
    @Test("Edges are smooth") func edgesAreSmooth() throws {
        let data = try SharedDictionary.data
        let scene = Scene(try SharedDictionary.concept("yellow circle"), on: .black)
        let image = data.painter.image(of: scene)
        let reds = stride(from: 0, to: image.pixels.count, by: 3).map { image.pixels[$0] }
        #expect(reds.count { (40...200).contains($0) } > 40)
    }

    @Test("Captions say what is not usual") func captionsSayWhatIsNotUsual() throws {
        let cat = try SharedDictionary.concept("cat")
        #expect(Scene(cat).phrase == "a cat")
        #expect(
            Scene(cat, .small(.left), on: .orange).phrase
                == "a small cat on the left on an orange background"
        )
        #expect(Scene(cat, .medium(.center)).phrase == "a medium-sized cat")
    }

    /// Prevents the measure of "the right image" from depending on size, place or background.
    @Test("Index finds every concept anywhere") func indexFindsEveryConceptAnywhere() throws {
        let data = try SharedDictionary.data
        for (index, concept) in data.concepts.enumerated() {
            let grounds = data.painter.backgrounds(for: concept)
            let placement = Placement.allCases[index % 11]
            let scene = Scene(concept, placement, on: grounds[index % grounds.count])
            let image = data.painter.image(of: scene)
            #expect(data.index.rank(of: concept.id, in: image) == 1, "\(scene.phrase)")
        }
    }

    /// Prevents a soft image, as a model draws it, from counting as a wrong one.
    @Test("Index finds blurred concepts") func indexFindsBlurredConcepts() throws {
        let data = try SharedDictionary.data
        for concept in data.concepts {
            let image = data.painter.image(of: Scene(concept)).blurred()
            #expect(data.index.rank(of: concept.id, in: image) == 1, "\(concept.name)")
        }
    }

    /// Prevents an index that answers "right" to everything.
    @Test("Index tells things apart") func indexTellsThingsApart() throws {
        let data = try SharedDictionary.data
        let (cat, dog) = (try SharedDictionary.concept("cat"), try SharedDictionary.concept("dog"))
        let image = data.painter.image(of: Scene(dog))
        #expect(try #require(data.index.rank(of: cat.id, in: image)) > 1)
        #expect(data.index.nearest(to: image) == "dog")
        let blank = Image(width: 64, height: 64, pixels: Array(repeating: 9, count: 64 * 64 * 3))
        #expect(data.index.rank(of: cat.id, in: blank) == nil)
        #expect(data.index.nearest(to: blank) == nil)
    }

    /// Prevents the merging of what cannot be told apart from swallowing what can.
    @Test("Few answers are shared") func fewAnswersAreShared() throws {
        let index = try SharedDictionary.data.index
        #expect((20...100).contains(index.answerClasses.count { $0.key != $0.value }))
        let one = try SharedDictionary.concept("one o’clock")
        let ten = try SharedDictionary.concept("ten o’clock")
        #expect(index.answerClasses[one.id] == index.answerClasses[ten.id])
    }
}

extension Image {
    /// Whether every pixel of the four edges is white.
    fileprivate var hasWhiteBorder: Bool {
        (0..<height).allSatisfy { y in
            (0..<width).allSatisfy { x in
                let isInside = x > 0 && y > 0 && x < width - 1 && y < height - 1
                let at = (y * width + x) * 3
                return isInside || pixels[at..<at + 3] == [255, 255, 255]
            }
        }
    }

    /// The mean of each pixel and its eight neighbors.
    fileprivate func blurred() -> Image {
        var blurred = self
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<3 {
                    var sum = 0
                    for dy in -1...1 {
                        for dx in -1...1 {
                            let row = min(max(y + dy, 0), height - 1) * width
                            let at = row + min(max(x + dx, 0), width - 1)
                            sum += Int(pixels[at * 3 + channel])
                        }
                    }
                    blurred.pixels[(y * width + x) * 3 + channel] = UInt8(sum / 9)
                }
            }
        }
        return blurred
    }
}
