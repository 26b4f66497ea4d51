import Documents

/// The part of the gallery on one background: what all concepts look like there.
struct ReferenceIndex: Sendable {
    private let color: SIMD3<Float>
    private let concepts: [Concept.ID]
    private let prints: [[Float]]
    private let places: [Concept.ID: Int]
    private let mean: [Float]

    /// Hangs images; one that shows nothing is left out.
    init(_ background: Background, _ images: [(Concept.ID, Image)]) {
        color = SIMD3<Float>(background.color)
        let seen = images.compactMap { concept, image in
            ImageFingerprint(image).map { (concept, $0.values) }
        }
        var mean = [Float](repeating: 0, count: ImageFingerprint.length)
        for (_, values) in seen {
            for index in mean.indices { mean[index] += values[index] / Float(seen.count) }
        }
        self.mean = mean
        concepts = seen.map(\.0)
        prints = seen.map { Self.normalized($0.1, around: mean) }
        places = Dictionary(uniqueKeysWithValues: zip(concepts, concepts.indices))
    }

    /// How far a colour is from the background's, squared.
    func distance(to other: SIMD3<Float>) -> Float {
        ((color - other) * (color - other)).sum()
    }

    /// How much an image is like each of those that hang here.
    func similarities(to fingerprint: ImageFingerprint) -> [ConceptIndex.Match] {
        let values = Self.normalized(fingerprint.values, around: mean)
        return zip(concepts, prints).map { concept, print in
            ConceptIndex.Match(concept: concept, similarity: Self.dot(print, values))
        }
    }

    /// How much two concepts are alike here; `nil` if one does not hang here.
    func similarity(of first: Concept.ID, and second: Concept.ID) -> Float? {
        guard let first = places[first], let second = places[second] else { return nil }
        return Self.dot(prints[first], prints[second])
    }

    private static func normalized(_ values: [Float], around mean: [Float]) -> [Float] {
        let centered = zip(values, mean).map { $0 - $1 }
        let length = dot(centered, centered).squareRoot()
        return length > 0 ? centered.map { $0 / length } : centered
    }

    private static func dot(_ first: [Float], _ second: [Float]) -> Float {
        var sum: Float = 0
        for index in first.indices { sum += first[index] * second[index] }
        return sum
    }
}
