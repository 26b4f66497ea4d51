import Documents

/// The reference images of all concepts' drawings on one background.
struct ReferenceIndex: Sendable {
    /// A concept and the cosine of its reference image with another image, from -1 to 1.
    typealias Match = (concept: Concept.ID, similarity: Float)

    private let color: SIMD3<Float>
    private let concepts: [Concept.ID]
    private let vectors: [[Float]]
    private let positions: [Concept.ID: Int]
    private let mean: [Float]

    /// Indexes images; one that shows nothing is left out.
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
        vectors = seen.map { Self.normalized($0.1, around: mean) }
        positions = Dictionary(zip(concepts, concepts.indices)) { first, _ in first }
    }

    /// The squared distance of a color from the background's.
    func distance(to other: SIMD3<Float>) -> Float {
        ((color - other) * (color - other)).sum()
    }

    func similarities(to fingerprint: ImageFingerprint) -> [Match] {
        let values = Self.normalized(fingerprint.values, around: mean)
        return zip(concepts, vectors).map { ($0, Self.dot($1, values)) }
    }

    /// The similarity of two concepts' first drawings here; `nil` if one has none.
    func similarity(of first: Concept.ID, and second: Concept.ID) -> Float? {
        guard let first = positions[first], let second = positions[second] else { return nil }
        return Self.dot(vectors[first], vectors[second])
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
